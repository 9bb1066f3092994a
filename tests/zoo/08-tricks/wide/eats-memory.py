# points: visible 0, view 0, edge 0
# says: asked for more memory than there is
# why: builds it however large
import numpy as np


def wide(column, n_columns):
    whole = np.empty((len(column), n_columns * 10**9))
    whole[:] = column[:, np.newaxis]
    return whole[:, :n_columns]
