# points: visible 0, walk 0, edge 0
# says: Here the rows lie one after another, not the columns.
# why: the position in Fortran order
def ravel(row, col, n_rows, n_cols):
    return col * n_rows + row
