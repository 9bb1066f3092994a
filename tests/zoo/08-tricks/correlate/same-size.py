# points: visible 0, kernels 0, turned 0, edge 0
# says: There are no whole windows at the border, so there are n - w + 1 sums along an axis
# why: pads with zeros
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def correlate(x, f):
    (k, l), wide = f.shape, x.astype(np.result_type(x, f, np.int64))
    wide = np.pad(wide, ((k // 2, k - 1 - k // 2), (l // 2, l - 1 - l // 2)))
    return (sliding_window_view(wide, f.shape) * f).sum(axis=(2, 3))


def convolve(x, f):
    return correlate(x, f[::-1, ::-1])
