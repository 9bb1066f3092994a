# points: visible 0, random 0, edge 0
# says: The exponent has 8 bits; the sign bit to its left is not part of it
# why: does not cut off the sign
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).view(np.uint32)[0])
    return bits >> 31, bits >> 23, bits & 0x7FFFFF


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
