# points: visible 0, walk 0, edge 0
# says: Write the positions of a small table on paper and compare
# why: multiplies what should be added

def ravel(row, col, n_rows, n_cols):
    return row * n_cols * col
