# points: visible 1, random 2, edge 0
# says: The formula with a leading 1 does not hold for exponents 0 and 255
# why: the formula of the table, for every exponent
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).view(np.uint32)[0])
    return bits >> 31, bits >> 23 & 0xFF, bits & 0x7FFFFF


def float_from(sign, exponent, fraction):
    return (-1) ** sign * 2.0 ** (exponent - 127) * (1 + fraction / 2**23)
