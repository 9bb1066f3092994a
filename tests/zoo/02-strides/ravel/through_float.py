# points: visible 1, walk 2, edge 0
# says: expected 8999999999999999998
# why: a float keeps 53 bits
def ravel(row, col, n_rows, n_cols):
    return int(float(row) * n_cols + col)
