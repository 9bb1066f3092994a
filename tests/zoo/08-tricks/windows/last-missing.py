# points: visible 0, slices 0, edge 0
# says: The last window is missing
# why: off by one
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    if len(shape) != a.ndim or any(w > n for w, n in zip(shape, a.shape)):
        raise ValueError("does not fit")
    places = tuple(n - w for n, w in zip(a.shape, shape))
    return as_strided(a, places + tuple(shape), a.strides * 2, writeable=False)
