# points: visible 0, view 0, edge 0
# says: this is real data, where a view was asked for
# why: a product is a new array
import numpy as np


def wide(column, n_columns):
    return column[:, np.newaxis] * np.ones(n_columns, dtype=column.dtype)
