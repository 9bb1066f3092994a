# points: visible 1, views 2, edge 0
# says: expected a whole number
# why: np.dot of nothing is the float 0.0
import numpy as np


def offset_of(index, strides, offset):
    return offset + np.dot(index, strides)
