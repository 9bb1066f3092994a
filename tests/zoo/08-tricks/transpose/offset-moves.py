# points: visible 0, layout 0, view 2, edge 1
# says: Element [0, 0] stays where it is, so the offset stays the same
# mistake: another offset
# why: the offset is that of another element
from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset + strides[0], shape[::-1], strides[::-1]


def transpose(a):
    return as_strided(a, a.shape[::-1], a.strides[::-1])
