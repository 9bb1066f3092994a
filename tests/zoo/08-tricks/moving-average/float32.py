# points: visible 0, exact 0, edge 0
# says: float32 holds whole numbers
# why: a smaller dtype
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    return sliding_window_view(x, n).mean(axis=1, dtype=np.float32)
