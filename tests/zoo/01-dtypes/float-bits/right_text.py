# points: all
# why: cuts the 32 digits as a text
import numpy as np


def float_bits(x):
    digits = f"{np.float32(x).view(np.uint32):032b}"
    return [int(part, 2) for part in (digits[0], digits[1:9], digits[9:])]


def float_from(sign, exponent, fraction):
    digits = f"{sign:b}{exponent:08b}{fraction:023b}"
    return np.uint32(int(digits, 2)).view(np.float32)
