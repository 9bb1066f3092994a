# points: visible 0, walk 0, edge 0
# says: Positions count elements; you counted bytes.
# why: a position times the size of a float64
def ravel(row, col, n_rows, n_cols):
    return 8 * (row * n_cols + col)
