# points: visible 0, views 0, edge 0
# says: returned the view of y first: expected that of x, then that of y
# why: the views are right, but in the other order
import numpy as np


def stretch(x, y):
    shape = (len(x), len(y))
    return np.broadcast_to(y, shape), np.broadcast_to(x[:, np.newaxis], shape)
