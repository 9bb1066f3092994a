# points: all
# why: broadcasting is the same view
import numpy as np


def wide(column, n_columns):
    return np.broadcast_to(column[:, None], (column.size, n_columns))
