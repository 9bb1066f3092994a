# points: visible 1, random 2, edge 0
# says: raised ZeroDivisionError
# why: divides the bytes of the whole by each size
from math import prod


def strides_of(shape, itemsize, order):
    strides, stride = [], itemsize * prod(shape)
    for size in shape if order == "C" else reversed(shape):
        stride //= size
        strides.append(stride)
    return tuple(strides if order == "C" else reversed(strides))
