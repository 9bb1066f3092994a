# points: visible 0, view 0, edge 0
# says: With these strides each element has bytes of its own, but a view of column is expected
# mistake: makes real data
# why: a product is a new array
import numpy as np


def wide(column, n_columns):
    return column[:, np.newaxis] * np.ones(n_columns, dtype=column.dtype)
