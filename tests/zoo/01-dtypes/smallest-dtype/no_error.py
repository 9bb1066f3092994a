# points: visible 0, ranges 2, edge 0
# says: expected a ValueError, got 'object'
# why: names object where nothing fits
import numpy as np


def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        for name in (f"uint{bits}", f"int{bits}"):
            if np.iinfo(name).min <= low and high <= np.iinfo(name).max:
                return name
    return "object"
