# points: visible 0, numpy 0, edge 0
# says: changed its argument
# why: adds n to the list that was given
import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)
    if how == "add":
        if not limits.min <= n <= limits.max:
            return "raises"
        for i in range(len(values)):
            values[i] += n
    if all(limits.min <= value <= limits.max for value in values):
        return "fits"
    return "raises" if how == "construct" else "wraps"
