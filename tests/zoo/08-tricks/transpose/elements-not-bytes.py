# points: visible 0, layout 2, view 0, edge 0
# says: Strides count bytes, not elements
# why: divides the strides by the item size
import numpy as np
from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides[::-1]


def transpose(a):
    return as_strided(a, a.shape[::-1], tuple(s // a.itemsize for s in a.strides[::-1]))
