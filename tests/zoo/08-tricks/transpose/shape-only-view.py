# points: visible 0, layout 2, view 0, edge 0
# says: a reshape, not a transpose
# mistake: reshapes
# why: leaves the strides to as_strided, which takes those of C order
import numpy as np
from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides[::-1]


def transpose(a):
    return as_strided(a, a.shape[::-1])
