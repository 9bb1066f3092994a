# points: visible 0, walk 0, edge 0
# says: expected a tuple
# why: the row alone
def unravel(position, *shape):
    return position // shape[-1]
