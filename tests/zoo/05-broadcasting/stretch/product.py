# points: visible 0, views 0, edge 0
# says: The product is computed from them later
# why: does the next step as well
import numpy as np


def stretch(x, y):
    return np.outer(x, y)
