# points: visible 0, ranges 0, edge 0
# says: in fewer bytes
# why: what np.array makes of Python ints
import numpy as np


def smallest_dtype(low, high):
    made = np.array([low, high])
    if made.dtype == object:
        raise ValueError("too large")
    return made.dtype.name
