# points: visible 0, view 0, edge 0
# says: this is real data, where a view was asked for
# why: copies each number, the other way
import numpy as np


def wide(column, n_columns):
    return np.tile(column[:, np.newaxis], (1, n_columns))
