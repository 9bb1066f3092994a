# points: visible 0, walk 0, edge 0
# says: NameError
# why: a cell that Python cannot read defines nothing
def ravel(row, col, n_rows, n_cols)
    return 1
