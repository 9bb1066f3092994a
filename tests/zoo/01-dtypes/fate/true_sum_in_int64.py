# points: visible 1, numpy 2, edge 0
# says: The true sum does not fit 64 bits
# why: the sum to compare with overflows itself
import numpy as np


def fate(values, dtype, how, n):
    try:
        if how == "construct":
            line, true = np.array(values, dtype=dtype), values
        elif how == "astype":
            line, true = np.array(values, dtype=np.int64).astype(dtype), values
        else:
            line = np.array(values, dtype=dtype) + n
            true = (np.array(values, dtype=np.int64) + n).tolist()
    except OverflowError:
        return "raises"
    return "fits" if line.tolist() == true else "wraps"
