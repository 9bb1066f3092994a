# points: visible 0, view 0, edge 0
# says: This goes along one axis
# why: the largest stride only
from numpy.lib.stride_tricks import as_strided


def diagonal(a):
    return as_strided(a, (min(a.shape),), (a.strides[0],), writeable=False)
