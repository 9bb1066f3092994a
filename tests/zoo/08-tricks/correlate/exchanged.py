# points: visible 0, kernels 0, turned 0, edge 0
# says: The window there is [[1, 2]], the kernel [[10, 1]]
# why: the names have changed places
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def convolve(x, f):
    wide = x.astype(np.result_type(x, f, np.int64))
    return (sliding_window_view(wide, f.shape) * f).sum(axis=(2, 3))


def correlate(x, f):
    return convolve(x, f[::-1, ::-1])
