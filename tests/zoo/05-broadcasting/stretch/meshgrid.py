# points: all
# why: views, if it is told not to copy
import numpy as np


def stretch(x, y):
    return np.meshgrid(x, y, indexing="ij", copy=False)
