# points: visible 0, walk 0, edge 0
# says: took longer than
# why: counts and never stops
def ravel(row, col, n_rows, n_cols):
    position = 0
    while True:
        position += 1
