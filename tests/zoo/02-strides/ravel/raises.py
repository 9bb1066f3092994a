# points: visible 0, walk 0, edge 0
# says: raised ValueError: no
# why: an error is no answer
def ravel(row, col, n_rows, n_cols):
    raise ValueError('no')
