# points: visible 0, views 0, edge 0
# says: Rows and columns have changed places
# why: x goes to the right
import numpy as np


def stretch(x, y):
    return np.broadcast_to(x, (len(y), len(x))), np.broadcast_to(y[:, None], (len(y), len(x)))
