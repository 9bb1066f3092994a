# points: visible 0, random 0, edge 0
# says: expected a whole number
# why: gives the fraction as a number below 1
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).view(np.uint32)[0])
    return bits >> 31, bits >> 23 & 0xFF, (bits & 0x7FFFFF) / 2**23


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
