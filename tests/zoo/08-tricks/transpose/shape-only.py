# points: visible 0, layout 0, view 0, edge 0
# says: The sizes have changed places; the strides have to, too
# why: keeps the old strides
import numpy as np
from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides


def transpose(a):
    return as_strided(a, a.shape[::-1])
