# points: visible 0, ranges 0, edge 0
# says: 255 is the largest uint8, so it still fits
# why: the largest value is left out, as in range()
import numpy as np


def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        for name in (f"uint{bits}", f"int{bits}"):
            if np.iinfo(name).min <= low and high < np.iinfo(name).max:
                return name
    raise ValueError("too large")
