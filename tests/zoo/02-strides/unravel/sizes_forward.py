# points: visible 0, edge 0, walk 0
# says: This is the index in Fortran order
# mistake: the first index moves fastest
# why: divides by the first size first

def unravel(position, *shape):
    index = []
    for size in shape:
        position, one = divmod(position, size)
        index.append(one)
    return tuple(index)
