# points: visible 0, walk 0, edge 0
# says: This is right if row and col change places
# why: the table is walked along its other axis
def ravel(row, col, n_rows, n_cols):
    return col * n_cols + row
