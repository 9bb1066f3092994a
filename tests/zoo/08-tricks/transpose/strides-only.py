# points: visible 0, layout 0, view 0, edge 0
# says: The strides have changed places; the sizes have to, too
# why: squares pass, wide tables do not
import numpy as np
from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset, shape, strides[::-1]


def transpose(a):
    return as_strided(a, strides=a.strides[::-1])
