# points: visible 0, views 0, edge 0
# says: raised
# why: lets NumPy read where nothing is
import numpy as np


def offset_of(index, strides, offset):
    line = np.zeros(offset + 1, dtype=np.uint8)
    shape = tuple(i + 1 for i in index)
    whole = np.ndarray(shape, np.uint8, line, offset, strides)
    return whole[index]
