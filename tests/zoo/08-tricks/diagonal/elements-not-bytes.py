# points: visible 0, view 0, edge 0
# says: Strides count bytes, not elements
# why: divides by the item size
from numpy.lib.stride_tricks import as_strided


def diagonal(a):
    return as_strided(a, (min(a.shape),), (sum(a.strides) // a.itemsize,), writeable=False)
