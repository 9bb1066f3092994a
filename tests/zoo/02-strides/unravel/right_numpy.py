# points: all
# why: NumPy's own function
import numpy as np


def unravel(position, *shape):
    return np.unravel_index(position, shape)
