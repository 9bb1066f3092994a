# points: visible 0, views 0, edge 0
# says: The array has gaps between its numbers, or goes backwards: use its own stride, not its item size
# why: contiguous lines pass
from numpy.lib.stride_tricks import as_strided


def stretch(x, y):
    shape = (len(x), len(y))
    return as_strided(x, shape, (x.itemsize, 0)), as_strided(y, shape, (0, y.itemsize))
