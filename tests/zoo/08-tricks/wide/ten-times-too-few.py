# points: visible 0, view 0, edge 0
# says: The number of columns is 100,000,000,000
# why: 1e10 where 1e11 was asked for
import numpy as np


def wide(column, n_columns):
    return np.broadcast_to(column[:, np.newaxis], (len(column), min(n_columns, 10**10)))
