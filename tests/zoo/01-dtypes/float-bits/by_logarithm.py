# points: visible 1, random 2, edge 0
# says: The exponent is stored in the 8 bits after the sign
# why: takes the number apart by arithmetic; 0 has no power of two
import numpy as np


def float_bits(x):
    x = float(np.float32(x))
    digits, power = np.frexp(abs(x))
    return int(x < 0), int(power) + 126, int(digits * 2**24) - 2**23


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
