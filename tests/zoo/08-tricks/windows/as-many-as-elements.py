# points: visible 0, slices 0, edge 0
# says: There are fewer windows than elements
# why: reaches outside
from numpy.lib.stride_tricks import as_strided


def windows(a, shape):
    if len(shape) != a.ndim or any(w > n for w, n in zip(shape, a.shape)):
        raise ValueError("does not fit")
    return as_strided(a, a.shape + tuple(shape), a.strides * 2, writeable=False)
