# points: visible 0, slices 2, edge 0
# says: A window of 5 rows is one too large for 4
# catch: visible
# why: one too large gives an empty view, and no error
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    places = tuple(n - w + 1 for n, w in zip(a.shape, shape))
    if any(p < 0 for p in places) or len(shape) != a.ndim or (a.ndim == 1 and 0 in places):
        raise ValueError("too large")
    return as_strided(a, places + tuple(shape), a.strides * 2, writeable=False)
