# points: visible 0, ranges 0, edge 0
# says: The largest uint8 is 255, so 256 does not fit
# catch: visible
# why: the length of the range is not what has to fit

import numpy as np


def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        if low >= 0 and high - low < 2**bits:
            return f"uint{bits}"
        if low < 0 and -(2 ** (bits - 1)) <= low and high < 2 ** (bits - 1):
            return f"int{bits}"
    raise ValueError("too large")
