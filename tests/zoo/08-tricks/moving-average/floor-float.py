# points: visible 0, exact 0, edge 0
# says: divide with `/`
# why: // and then float64
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    return (sliding_window_view(x, n).sum(axis=1) // n).astype(np.float64)
