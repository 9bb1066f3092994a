# points: visible 1, walk 2, edge 0
# says: raised OverflowError
# why: 32 bits are too few for large tables
def ravel(row, col, n_rows, n_cols):
    return int(np.int32(row) * np.int32(n_cols) + np.int32(col))
