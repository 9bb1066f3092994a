# points: all
# why: a dot product in int64, with a whole number for no axes
import numpy as np


def offset_of(index, strides, offset):
    return offset + np.dot(np.array(index, dtype=np.int64), np.array(strides, dtype=np.int64))
