# points: visible 0, view 0, edge 0
# says: With these strides each element has bytes of its own, but a view of column is expected
# mistake: makes real data
# catch: visible
# why: copies each number
import numpy as np


def wide(column, n_columns):
    return np.repeat(column, n_columns).reshape(-1, n_columns)
