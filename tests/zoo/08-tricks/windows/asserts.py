# points: visible 0, slices 2, edge 0
# says: expected a ValueError, got AssertionError
# why: refuses with another error
from numpy.lib.stride_tricks import sliding_window_view


def windows(a, shape):
    assert all(w <= n for w, n in zip(shape, a.shape)), "too large"
    return sliding_window_view(a, shape)
