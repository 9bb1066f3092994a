# points: visible 0, numpy 0, edge 0
# says: raised OverflowError
# why: runs the line and does not catch what it raises
import numpy as np


def fate(values, dtype, how, n):
    if how == "construct":
        line, true = np.array(values, dtype=dtype), values
    elif how == "astype":
        line, true = np.array(values, dtype=np.int64).astype(dtype), values
    else:
        line, true = np.array(values, dtype=dtype) + n, [value + n for value in values]
    return "fits" if line.tolist() == true else "wraps"
