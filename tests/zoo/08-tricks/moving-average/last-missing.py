# points: visible 0, exact 0, edge 0
# says: The last window is missing
# why: off by one
import numpy as np


def moving_average(x, n):
    return np.array([x[k : k + n].mean() for k in range(len(x) - n)])
