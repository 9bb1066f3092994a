# points: visible 0, random 0, edge 0
# says: expected one float
# why: forgets to read the bits as a float
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).view(np.uint32)[0])
    return bits >> 31, bits >> 23 & 0xFF, bits & 0x7FFFFF


def float_from(sign, exponent, fraction):
    return sign << 31 | exponent << 23 | fraction
