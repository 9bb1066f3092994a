# points: visible 0, walk 0, edge 0
# says: expected a whole number
# why: a float is no position
def ravel(row, col, n_rows, n_cols):
    return float(row * n_cols + col)
