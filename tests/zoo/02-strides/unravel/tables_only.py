# points: visible 1, walk 2, edge 0
# says: takes 3 positional arguments
# catch: visible
# why: right for two axes only
def unravel(position, n_rows, n_cols):
    return divmod(position, n_cols)
