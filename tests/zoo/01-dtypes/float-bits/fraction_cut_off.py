# points: visible 0, random 2, edge 1
# says: as if the digits after it were cut off
# why: calculates the fraction from a float64 and does not round it
import math

import numpy as np


def float_bits(x):
    sign = int(math.copysign(1, x) < 0)
    size = abs(x)
    if size == 0:
        return sign, 0, 0
    if math.isinf(size):
        return sign, 255, 0
    if math.isnan(size):
        return sign, 255, 2**22
    m, e = math.frexp(size)
    if e < -125:
        return sign, 0, int(math.ldexp(size, 149))
    return sign, e + 126, int((2 * m - 1) * 2**23)


def float_from(sign, exponent, fraction):
    return np.array([sign << 31 | exponent << 23 | fraction], np.uint32).view(np.float32)[0]
