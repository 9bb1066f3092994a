# points: visible 0, walk 0, edge 0
# says: Positions are counted from 0: position 0 is the first element.
# why: takes position 1 for the first element
def unravel(position, *shape):
    n_rows, n_cols = shape[-2:]
    return divmod(position - 1, n_cols)
