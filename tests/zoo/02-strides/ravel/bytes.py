# points: visible 0, walk 0, edge 0
# says: This is 8 times the position: count elements, not bytes
# why: a position times the size of a float64
def ravel(row, col, n_rows, n_cols):
    return 8 * (row * n_cols + col)
