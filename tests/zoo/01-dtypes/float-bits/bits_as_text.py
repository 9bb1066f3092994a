# points: visible 0, random 0, edge 0
# says: expected a tuple
# why: the 32 digits as a text
import numpy as np


def float_bits(x):
    return format(int(np.array([x], dtype=np.float32).view(np.uint32)[0]), "032b")


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
