# points: all
# why: NumPy's own
from numpy.lib.stride_tricks import sliding_window_view


def windows(a, shape):
    return sliding_window_view(a, shape)
