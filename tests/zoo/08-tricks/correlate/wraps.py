# points: visible 0, kernels 2, turned 2, edge 0
# says: did not fit their dtype and wrapped
# why: multiplies uint8 by uint8
from numpy.lib.stride_tricks import sliding_window_view


def correlate(x, f):
    return (sliding_window_view(x, f.shape) * f).sum(axis=(2, 3))


def convolve(x, f):
    return correlate(x, f[::-1, ::-1])
