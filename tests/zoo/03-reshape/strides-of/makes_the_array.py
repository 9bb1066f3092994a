# points: visible 1, random 2, edge 0
# says: asked for more memory than there is
# why: asks NumPy for the whole table
import numpy as np


def strides_of(shape, itemsize, order):
    return np.empty(shape, dtype=f"V{itemsize}", order=order).strides
