# points: visible 0, view 0, edge 0
# says: This is the transpose: the numbers of column go down, one for each row
# why: the numbers go to the right
import numpy as np


def wide(column, n_columns):
    return np.broadcast_to(column, (n_columns, len(column)))
