# points: all
# why: membership in a range of whole numbers
import numpy as np


def fate(values, dtype, how, n):
    info = np.iinfo(dtype)
    ring = range(int(info.min), int(info.max) + 1)
    if how == "construct":
        return "fits" if set(values) <= {v for v in values if v in ring} else "raises"
    if how == "astype":
        return "wraps" if [v for v in values if v not in ring] else "fits"
    if n not in ring:
        return "raises"
    return "wraps" if [v for v in values if v + n not in ring] else "fits"
