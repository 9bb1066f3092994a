# points: visible 0, ranges 0, edge 0
# says: (A dtype for low joined with one for high can be too large.)
# why: int8 for -40 and uint8 for 55 promote to int16
import numpy as np


def smallest_dtype(low, high):
    joined = np.promote_types(np.min_scalar_type(low), np.min_scalar_type(high))
    if joined.kind not in "iu":
        raise ValueError("no integer dtype")
    return joined.name
