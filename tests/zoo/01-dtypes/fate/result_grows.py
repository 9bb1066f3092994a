# points: visible 0, numpy 0, edge 0
# says: The result keeps the dtype of the array: it does not grow to fit
# why: believes that int8 + int8 can be int16
import numpy as np


def fate(values, dtype, how, n):
    limits = np.iinfo(dtype)

    def fits(number):
        return limits.min <= number <= limits.max

    if how == "add":
        if not fits(n):
            return "raises"
        return "fits" if all(fits(value + n) for value in values) else "fits"
    if all(fits(value) for value in values):
        return "fits"
    return "raises" if how == "construct" else "wraps"
