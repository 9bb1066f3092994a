# points: all
# why: rows added up
def ravel(row, col, n_rows, n_cols):
    position = col
    position += n_cols * row
    return position
