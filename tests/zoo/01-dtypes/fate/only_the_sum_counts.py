# points: visible 0, numpy 0, edge 0
# says: has to become an element of
# mistake: does not ask whether n fits
# catch: visible
# why: looks at the true sum only, n included
import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)
    true = [value + n for value in values] if how == "add" else values
    if all(limits.min <= number <= limits.max for number in true):
        return "fits"
    return "raises" if how == "construct" else "wraps"
