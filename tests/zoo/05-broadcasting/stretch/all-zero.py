# points: visible 0, views 0, edge 0
# says: the whole table is one number
# why: two strides of 0
from numpy.lib.stride_tricks import as_strided


def stretch(x, y):
    shape = (len(x), len(y))
    return as_strided(x, shape, (0, 0)), as_strided(y, shape, (0, 0))
