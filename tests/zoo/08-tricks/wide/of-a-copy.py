# points: visible 0, view 0, edge 0
# says: does not read the bytes of column
# catch: visible
# why: 40 bytes, but other ones
import numpy as np


def wide(column, n_columns):
    return np.broadcast_to(column.copy()[:, np.newaxis], (len(column), n_columns))
