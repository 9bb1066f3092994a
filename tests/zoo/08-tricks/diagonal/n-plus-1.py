# points: visible 0, view 0, edge 0
# says: n + 1 elements is the step in a table without gaps in C order
# catch: visible
# why: (n + 1) items
from numpy.lib.stride_tricks import as_strided


def diagonal(a):
    if a.ndim > 2:
        return as_strided(a, (min(a.shape),), (sum(a.strides),), writeable=False)
    return as_strided(a, (min(a.shape),), ((a.shape[-1] + 1) * a.itemsize,), writeable=False)
