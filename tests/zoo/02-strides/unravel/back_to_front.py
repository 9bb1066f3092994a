# points: visible 0, walk 0, edge 0
# says: That is the right index back to front: row and column have changed places.
# why: found from right to left and left that way
def unravel(position, *shape):
    index = []
    for size in reversed(shape):
        position, last = divmod(position, size)
        index.append(last)
    return tuple(index)
