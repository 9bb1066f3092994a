# points: visible 0, view 0, edge 0
# says: have changed places
# why: (0, 8): would read a far element, and crash
from numpy.lib.stride_tricks import as_strided


def wide(column, n_columns):
    return as_strided(column, (len(column), n_columns), (0, column.strides[0]))
