# points: visible 0, exact 2, edge 0
# says: The result is float64, whatever the dtype of x
# catch: visible
# why: float32 numbers give a float32 mean
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    windows = sliding_window_view(x, n)
    if x.dtype.kind in "iu":
        return windows.sum(axis=1, dtype=np.int64) / n
    return windows.mean(axis=1)
