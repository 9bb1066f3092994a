# points: visible 0, views 0, edge 0
# says: Here the stride along axis 0 is 0, but numbers are repeated along axis 1
# why: the strides of both have changed places
from numpy.lib.stride_tricks import as_strided


def stretch(x, y):
    shape = (len(x), len(y))
    return as_strided(x, shape, (0, x.strides[0])), as_strided(y, shape, (y.strides[0], 0))
