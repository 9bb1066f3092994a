# points: visible 1, numpy 0, edge 0
# says: has to become an element of
# mistake: does not ask whether n fits
# why: only the upper limit is asked about n
import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)
    if how == "add" and n > limits.max:
        return "raises"
    true = [value + n for value in values] if how == "add" else values
    if all(limits.min <= number <= limits.max for number in true):
        return "fits"
    return "raises" if how == "construct" else "wraps"
