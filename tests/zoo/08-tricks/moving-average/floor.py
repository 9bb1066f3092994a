# points: visible 0, exact 0, edge 0
# says: The mean of integers need not be an integer
# why: // of integers
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    return sliding_window_view(x, n).sum(axis=1) // n
