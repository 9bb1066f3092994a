# points: visible 0, walk 0, edge 0
# says: Positions are counted from 0
# why: counts from 1
def ravel(row, col, n_rows, n_cols):
    return row * n_cols + col + 1
