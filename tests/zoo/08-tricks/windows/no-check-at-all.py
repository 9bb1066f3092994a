# points: visible 0, slices 2, edge 0
# says: Six numbers have no window of 7
# why: believes the caller, as as_strided does
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    places = tuple(n - w + 1 for n, w in zip(a.shape, shape))
    return as_strided(a, places + tuple(shape), a.strides * 2, writeable=False)
