# points: visible 0, random 0, edge 0
# says: The field holds the power of two plus 127
# why: gives the power of two itself
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).view(np.uint32)[0])
    return bits >> 31, (bits >> 23 & 0xFF) - 127, bits & 0x7FFFFF


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
