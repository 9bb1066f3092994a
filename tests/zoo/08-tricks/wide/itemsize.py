# points: visible 0, view 0, edge 1
# says: column has gaps between its numbers
# why: contiguous columns pass
from numpy.lib.stride_tricks import as_strided


def wide(column, n_columns):
    return as_strided(column, (len(column), n_columns), (column.itemsize, 0))
