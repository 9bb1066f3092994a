# points: visible 0, kernels 0, turned 0, edge 1
# says: The fractions were cut off: floats give floats
# catch: visible
# why: converts everything to integers
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def correlate(x, f):
    return np.einsum("ijkl,kl->ij", sliding_window_view(x.astype(np.int64), f.shape), f)


def convolve(x, f):
    return correlate(x, f[::-1, ::-1])
