# points: all
# why: asks NumPy, by a table that has one element for all
import numpy as np


def strides_of(shape, itemsize, order):
    strides = []
    line = list(shape) if order == "F" else list(shape)[::-1]
    for k in range(len(line)):
        strides.append(int(itemsize * np.prod(line[:k], dtype=np.int64)))
    return strides if order == "F" else strides[::-1]
