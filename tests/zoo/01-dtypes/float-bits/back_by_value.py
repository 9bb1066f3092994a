# points: visible 0, random 0, edge 0
# says: This is the value of the 32 bits as an integer
# why: float() of the 32 bits
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).view(np.uint32)[0])
    return bits >> 31, bits >> 23 & 0xFF, bits & 0x7FFFFF


def float_from(sign, exponent, fraction):
    return float(sign << 31 | exponent << 23 | fraction)
