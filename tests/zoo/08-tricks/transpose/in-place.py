# points: visible 0, layout 2, view 0, edge 0
# says: changed its argument
# why: assigns shape and strides of the caller's array
import warnings

from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides[::-1]


def transpose(a):
    shape, strides = a.shape, a.strides
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        a.shape = shape[::-1]
        a.strides = strides[::-1]
    return a
