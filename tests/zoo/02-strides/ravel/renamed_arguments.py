# points: visible 1, walk 2, edge 0
# says: Keep the names and the order of the arguments.
# why: calls by name fail
def ravel(r, c, nrows, ncols):
    return r * ncols + c
