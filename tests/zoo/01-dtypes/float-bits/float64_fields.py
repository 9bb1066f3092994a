# points: visible 0, random 0, edge 0
# says: These are the fields of a float64
# why: forgets that a Python float has 64 bits
import numpy as np


def float_bits(x):
    bits = int(np.array([x]).view(np.uint64)[0])
    return bits >> 63, bits >> 52 & 0x7FF, bits & (1 << 52) - 1


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
