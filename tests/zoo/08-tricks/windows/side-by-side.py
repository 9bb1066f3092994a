# points: visible 0, slices 0, edge 0
# says: These windows are side by side, but each window should start one element after the one before it
# why: blocks where windows are asked for
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    if len(shape) != a.ndim or any(w > n for w, n in zip(shape, a.shape)):
        raise ValueError("does not fit")
    places = tuple(n // w for n, w in zip(a.shape, shape))
    steps = tuple(w * s for w, s in zip(shape, a.strides))
    return as_strided(a, places + tuple(shape), steps + a.strides, writeable=False)
