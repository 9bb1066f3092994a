# points: visible 0, view 0, edge 0
# says: this is real data, where a view was asked for
# why: copies each number
import numpy as np


def wide(column, n_columns):
    return np.repeat(column, n_columns).reshape(-1, n_columns)
