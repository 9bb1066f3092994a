# points: all
# why: NumPy stretches both at once
import numpy as np


def stretch(x, y):
    return np.broadcast_arrays(x[:, None], y)
