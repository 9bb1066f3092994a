# points: visible 0, walk 0, edge 0
# says: Going down one row skips n_cols elements, not n_rows
# catch: visible
# why: squares pass, other tables do not
def ravel(row, col, n_rows, n_cols):
    return row * n_rows + col
