# points: visible 1, random 2, edge 0
# says: The sign is the first of the 32 bits, even for 0.0 and -0.0
# why: asks x < 0, which -0.0 is not
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).view(np.uint32)[0])
    return int(x < 0), bits >> 23 & 0xFF, bits & 0x7FFFFF


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
