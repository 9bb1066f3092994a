# points: visible 0, ranges 0, edge 0
# says: expected a name, as in 'int8'
# why: returns the dtype, not its name
import numpy as np


def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        for name in (f"uint{bits}", f"int{bits}"):
            if np.iinfo(name).min <= low and high <= np.iinfo(name).max:
                return np.dtype(name)
    raise ValueError("too large")
