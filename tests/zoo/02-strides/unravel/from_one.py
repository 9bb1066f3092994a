# points: visible 0, walk 0, edge 0
# says: Indices are counted from 0.
# why: the first element is at (1, 1)
def unravel(position, *shape):
    index = []
    for size in reversed(shape):
        position, last = divmod(position, size)
        index.insert(0, last + 1)
    return tuple(index)
