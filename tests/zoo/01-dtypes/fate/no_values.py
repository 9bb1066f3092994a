# points: visible 1, numpy 2, edge 0
# says: Without values, the answer is
# why: min of an empty list raises

import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)
    if how == "add":
        if not limits.min <= n <= limits.max:
            return "raises"
        values = [value + n for value in values]
    if limits.min <= min(values) and max(values) <= limits.max:
        return "fits"
    return "raises" if how == "construct" else "wraps"
