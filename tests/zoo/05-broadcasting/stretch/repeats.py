# points: visible 0, views 0, edge 0
# says: is a copy
# catch: visible
# why: np.repeat and np.tile
import numpy as np


def stretch(x, y):
    return np.repeat(x[:, None], len(y), axis=1), np.tile(y, (len(x), 1))
