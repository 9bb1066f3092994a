# points: visible 1, layout 0, view 0, edge 0
# says: These are the facts of the table itself
# why: tables in C order pass: the largest stride goes last
from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], tuple(sorted(strides))


def transpose(a):
    return as_strided(a, a.shape[::-1], sorted(a.strides))
