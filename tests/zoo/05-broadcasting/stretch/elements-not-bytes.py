# points: visible 0, views 0, edge 0
# says: Strides count bytes, not elements
# why: a stride of 1
from numpy.lib.stride_tricks import as_strided


def stretch(x, y):
    shape = (len(x), len(y))
    return as_strided(x, shape, (1, 0)), as_strided(y, shape, (0, 1))
