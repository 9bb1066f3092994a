# points: all
# why: the diagonal of two axes, until one is left
import numpy as np


def diagonal(a):
    n = min(a.shape)
    a = a[(slice(n),) * a.ndim]
    while a.ndim > 1:
        a = np.diagonal(a)
    return a
