# points: visible 0, walk 0, edge 0
# says: This is the right index back to front: row and column have changed places
# mistake: the index is back to front
# why: gives (col, row)
def unravel(position, *shape):
    n_rows, n_cols = shape
    return position % n_cols, position // n_cols
