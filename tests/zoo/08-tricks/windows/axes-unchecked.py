# points: visible 0, slices 2, edge 0
# says: A table has two axes, this window has one
# why: leaves it to as_strided to refuse another number of axes
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    if any(w > n for w, n in zip(shape, a.shape)):
        raise ValueError(f"a window of {shape} is larger than {a.shape}")
    places = tuple(n - w + 1 for n, w in zip(a.shape, shape))
    return as_strided(a, places + tuple(shape), a.strides * 2, writeable=False)
