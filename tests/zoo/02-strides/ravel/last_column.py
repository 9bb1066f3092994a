# points: visible 0, walk 0, edge 0
# says: from column 0 to column n_cols - 1
# why: takes the last index for the length
def ravel(row, col, n_rows, n_cols):
    return row * (n_cols - 1) + col
