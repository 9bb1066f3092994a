# points: all
# why: rows first, then transposed
import numpy as np


def wide(column, n_columns):
    return np.broadcast_to(column, (n_columns, len(column))).T
