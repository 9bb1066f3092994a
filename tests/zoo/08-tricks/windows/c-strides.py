# points: visible 0, slices 0, edge 0
# says: These are the strides for an array without gaps in C order, but a has gaps or another order: use a.strides
# why: arrays in C order pass
import numpy as np
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    if len(shape) != a.ndim or any(w > n for w, n in zip(shape, a.shape)):
        raise ValueError("does not fit")
    places = tuple(n - w + 1 for n, w in zip(a.shape, shape))
    steps = tuple(int(np.prod(a.shape[k + 1 :])) * a.itemsize for k in range(a.ndim))
    return as_strided(a, places + tuple(shape), steps * 2, writeable=False)
