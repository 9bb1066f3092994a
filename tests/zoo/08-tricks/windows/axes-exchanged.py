# points: visible 0, slices 0, edge 0
# says: The axes that choose a window come first, then those in it
# why: the axes of the window first
from numpy.lib.stride_tricks import as_strided
def windows(a, shape):
    if len(shape) != a.ndim:
        raise ValueError("another number of axes")
    if any(not 1 <= size <= n for size, n in zip(shape, a.shape)):
        raise ValueError("too large")
    places = tuple(n - size + 1 for n, size in zip(a.shape, shape))
    return as_strided(a, (*shape, *places), a.strides * 2, writeable=False)
