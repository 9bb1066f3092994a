# points: visible 0, slices 0, edge 0
# says: is a copy of all windows
# why: values are right, memory is not
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def windows(a, shape):
    made = sliding_window_view(a, shape).copy()
    made.flags.writeable = False
    return made
