# points: visible 0, view 0, edge 0
# says: is a copy
# mistake: copies
# catch: visible
# why: the values are right
import numpy as np


def diagonal(a):
    return np.array([a[(i,) * a.ndim] for i in range(min(a.shape))], dtype=a.dtype)
