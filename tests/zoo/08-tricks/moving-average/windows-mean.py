# points: all
# why: the mean of each window
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    return sliding_window_view(x, n).mean(axis=1, dtype="float64")
