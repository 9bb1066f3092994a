# points: visible 0, random 0, edge 0
# says: These are the bits of the value as an integer
# catch: visible
# why: view('uint32') and astype('uint32') are taken for the same
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).astype(np.int64)[0]) & 0xFFFFFFFF
    return bits >> 31, bits >> 23 & 0xFF, bits & 0x7FFFFF


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
