# points: visible 0, view 0, edge 0
# says: This is the diagonal of two axes, but all axes count here
# why: two axes only
import numpy as np


def diagonal(a):
    return np.diagonal(a) if a.ndim > 1 else a
