# points: visible 1, numpy 2, edge 0
# says: has to become an element of int64
# mistake: does not ask whether n fits
# why: takes every n for an int64

import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)

    def fits(number):
        return limits.min <= number <= limits.max

    if how == "add":
        if not -(2**63) <= n < 2**63 and dtype != "int64":
            return "raises"
        if not fits(n) and dtype != "int64":
            return "raises"
        return "fits" if all(fits(value + n) for value in values) else "wraps"
    if all(fits(value) for value in values):
        return "fits"
    return "raises" if how == "construct" else "wraps"
