# points: visible 0, view 0, edge 0
# says: ends where the shortest axis does
# why: max for min
from numpy.lib.stride_tricks import as_strided


def diagonal(a):
    return as_strided(a, (max(a.shape),), (sum(a.strides),), writeable=False)
