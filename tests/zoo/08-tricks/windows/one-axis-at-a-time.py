# points: all
# why: a window along each axis in turn
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows(a, shape):
    if len(shape) != a.ndim:
        raise ValueError("one number for each axis")
    for axis, size in enumerate(shape):
        a = sliding_window_view(a, size, axis=axis)
    return a
