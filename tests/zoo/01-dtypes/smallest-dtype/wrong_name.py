# points: visible 0, ranges 0, edge 0
# says: expected one of the eight names in the table
# why: writes u1 for uint8
import numpy as np


def smallest_dtype(low, high):
    for size in (1, 2, 4, 8):
        for name in (f"u{size}", f"i{size}"):
            if np.iinfo(name).min <= low and high <= np.iinfo(name).max:
                return name
    raise ValueError("too large")
