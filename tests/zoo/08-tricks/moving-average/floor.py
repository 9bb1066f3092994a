# points: visible 0, exact 0, edge 0
# says: integer results cut it off
# why: // of integers
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    return sliding_window_view(x, n).sum(axis=1) // n
