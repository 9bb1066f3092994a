# points: visible 1, walk 2, edge 0
# says: This is the index in Fortran order
# mistake: the first index moves fastest
# catch: visible
# why: right for tables, from the wrong end for more axes
def unravel(position, *shape):
    if len(shape) == 2:
        return divmod(position, shape[1])
    index = []
    for size in shape:
        position, last = divmod(position, size)
        index.append(last)
    return tuple(index)
