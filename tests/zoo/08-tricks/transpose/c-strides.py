# points: visible 0, layout 2, view 0, edge 0
# says: These are the strides for a table without gaps in C order, but a has gaps or another order: use a.strides
# why: contiguous tables pass, slices do not
import numpy as np
from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides[::-1]


def transpose(a):
    m, n = a.shape
    return as_strided(a, (n, m), (a.itemsize, n * a.itemsize))
