# points: visible 0, view 0, edge 0
# says: is a copy
# mistake: copies
# why: an index of arrays always copies
import numpy as np


def diagonal(a):
    i = np.arange(min(a.shape))
    return a[(i,) * a.ndim]
