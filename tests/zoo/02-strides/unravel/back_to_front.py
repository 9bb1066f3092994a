# points: visible 0, walk 0, edge 0
# says: This is the right index back to front: row and column have changed places
# mistake: the index is back to front
# why: found from right to left and left that way
def unravel(position, *shape):
    index = []
    for size in reversed(shape):
        position, last = divmod(position, size)
        index.append(last)
    return tuple(index)
