# points: visible 0, walk 0, edge 0
# says: This is the index in Fortran order
# mistake: the first index moves fastest
# why: the first index moves fastest
def unravel(position, *shape):
    index = []
    for size in shape:
        position, first = divmod(position, size)
        index.append(first)
    return tuple(index)
