# points: visible 0, numpy 0, edge 0
# says: expected 'raises', got 'fits'
# why: looks at the first value only
import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)
    first = values[0]
    if how == "add":
        if not limits.min <= n <= limits.max:
            return "raises"
        first += n
    if limits.min <= first <= limits.max:
        return "fits"
    return "raises" if how == "construct" else "wraps"
