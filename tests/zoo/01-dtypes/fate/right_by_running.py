# points: all
# why: runs the line and compares with Python's own sums
import numpy as np


def fate(values, dtype, how, n):
    true = list(values)
    try:
        if how == "construct":
            line = np.array(values, dtype=dtype)
        elif how == "astype":
            line = np.array(values, dtype=np.int64).astype(dtype)
        else:
            line = np.array(values, dtype=dtype) + n
            true = [value + n for value in values]
    except OverflowError:
        return "raises"
    return "fits" if [int(one) for one in line] == true else "wraps"
