# points: visible 0, layout 2, view 0, edge 0
# says: A transpose needs no copy, only other strides for the same bytes
# why: the values are right, the bytes are new
import numpy as np


def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides[::-1]


def transpose(a):
    return a.T.copy()
