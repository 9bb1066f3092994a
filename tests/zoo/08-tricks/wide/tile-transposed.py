# points: visible 0, view 0, edge 0
# says: With these strides each element has bytes of its own, but a view of column is expected
# mistake: makes real data
# why: copies each number, column by column in memory
import numpy as np


def wide(column, n_columns):
    return np.tile(column, (n_columns, 1)).T
