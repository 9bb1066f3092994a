# points: visible 0, views 0, edge 0
# says: Stretch it to the whole shape
# why: (m, 1) and (1, n), which NumPy would stretch
import numpy as np


def stretch(x, y):
    return x[:, np.newaxis], y[np.newaxis, :]
