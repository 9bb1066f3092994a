# points: visible 0, exact 0, edge 0
# says: This is the sum: divide it by n
# why: forgets to divide
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    return sliding_window_view(x, n).sum(axis=1).astype(np.float64)
