# points: visible 0, view 0, edge 0
# says: every row is row 0
# why: (0, 0)
from numpy.lib.stride_tricks import as_strided


def wide(column, n_columns):
    return as_strided(column, (len(column), n_columns), (0, 0))
