# points: visible 0, walk 0, edge 0
# says: returned None
# why: print is not return
def ravel(row, col, n_rows, n_cols):
    print(row * n_cols + col)
