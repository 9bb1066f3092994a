# points: visible 0, random 0, edge 0
# says: expected a tuple
# why: cumprod, and an array as result
import numpy as np


def strides_of(shape, itemsize, order):
    if order == "C":
        return itemsize * np.cumprod((1, *shape[:0:-1]))[::-1]
    return itemsize * np.cumprod((1, *shape[:-1]))
