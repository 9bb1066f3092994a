# points: visible 0, slices 0, edge 1
# says: so writing to one changes others
# why: as_strided's default
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    if len(shape) != a.ndim or any(w > n for w, n in zip(shape, a.shape)):
        raise ValueError("does not fit")
    places = tuple(n - w + 1 for n, w in zip(a.shape, shape))
    return as_strided(a, places + tuple(shape), a.strides * 2)
