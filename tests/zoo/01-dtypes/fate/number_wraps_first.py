# points: visible 0, numpy 0, edge 0
# says: has to become an element of
# mistake: does not ask whether n fits
# why: converts n as astype would
import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)

    def fits(number):
        return limits.min <= number <= limits.max

    if how == "add":
        if not fits(n):
            return "wraps"
        return "fits" if all(fits(value + n) for value in values) else "wraps"
    if all(fits(value) for value in values):
        return "fits"
    return "raises" if how == "construct" else "wraps"
