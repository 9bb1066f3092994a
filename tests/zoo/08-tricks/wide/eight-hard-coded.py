# points: visible 0, view 0, edge 0
# says: An element of int16 has 2 bytes, not 8
# why: 8-byte numbers pass
from numpy.lib.stride_tricks import as_strided


def wide(column, n_columns):
    return as_strided(column, (len(column), n_columns), (8, 0))
