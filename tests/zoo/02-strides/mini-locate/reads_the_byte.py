# points: visible 0, views 0, edge 0
# says: more memory than there is
# why: makes the line of bytes to read it
import numpy as np


def locate(facts, index):
    offset, shape, strides = facts
    line = np.zeros(2**50, dtype=np.uint8)
    return np.ndarray(shape, np.uint8, line, offset, strides)[index]
