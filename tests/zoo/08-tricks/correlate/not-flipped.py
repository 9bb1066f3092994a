# points: visible 0, kernels 2, turned 0, edge 0
# says: The window there is [[0, 0], [0, 1]], the kernel [[1, 2], [3, 4]]
# catch: visible
# why: both are correlations
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def correlate(x, f):
    wide = x.astype(np.result_type(x, f, np.int64))
    return (sliding_window_view(wide, f.shape) * f).sum(axis=(2, 3))


def convolve(x, f):
    return correlate(x, f)
