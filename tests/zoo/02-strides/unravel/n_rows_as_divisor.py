# points: visible 0, walk 0, edge 0
# says: A row holds n_cols elements; you divided by n_rows.
# why: squares pass, other tables do not
def unravel(position, *shape):
    return divmod(position, shape[0])
