# points: visible 0, kernels 2, turned 0, edge 0
# says: The kernel is transposed
# why: .T is no turn by 180 degrees
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def correlate(x, f):
    wide = x.astype(np.result_type(x, f, np.int64))
    return (sliding_window_view(wide, f.shape) * f).sum(axis=(2, 3))


def convolve(x, f):
    return correlate(x, f.T)
