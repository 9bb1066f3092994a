# points: visible 0, exact 0, edge 0
# says: float32 holds all whole numbers only up to 16,777,216
# why: a smaller dtype
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    return sliding_window_view(x, n).mean(axis=1, dtype=np.float32)
