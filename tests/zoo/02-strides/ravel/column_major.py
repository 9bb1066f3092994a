# points: visible 0, walk 0, edge 0
# says: This counts column after column; the table is stored row after row
# why: the position in Fortran order
def ravel(row, col, n_rows, n_cols):
    return col * n_rows + row
