# points: visible 0, ranges 0, edge 0
# says: Both have the same size, and then the unsigned one is expected
# why: prefers the signed dtype
import numpy as np


def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        for name in (f"int{bits}", f"uint{bits}"):
            if np.iinfo(name).min <= low and high <= np.iinfo(name).max:
                return name
    raise ValueError("too large")
