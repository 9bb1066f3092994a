# points: visible 1, slices 0, edge 0
# says: These strides are calculated from the shape
# why: arrays in C order pass
import numpy as np
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    if len(shape) != a.ndim or any(w > n for w, n in zip(shape, a.shape)):
        raise ValueError("does not fit")
    places = tuple(n - w + 1 for n, w in zip(a.shape, shape))
    steps = tuple(int(np.prod(a.shape[k + 1 :])) * a.itemsize for k in range(a.ndim))
    return as_strided(a, places + tuple(shape), steps * 2, writeable=False)
