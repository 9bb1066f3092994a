# points: visible 0, walk 0, edge 0
# says: This divides by n_rows, but a row holds n_cols elements
# catch: visible
# why: squares pass, other tables do not
def unravel(position, *shape):
    return divmod(position, shape[0])
