# points: visible 0, view 0, edge 0
# says: A row repeats one number, so the stride to the right is 0
# why: (8, 8): reaches 8e11 bytes
from numpy.lib.stride_tricks import as_strided


def wide(column, n_columns):
    return as_strided(column, (len(column), n_columns), (column.itemsize, column.itemsize))
