# points: visible 0, walk 0, edge 0
# says: expected a whole number
# why: / in place of //
def unravel(position, *shape):
    index = []
    for size in reversed(shape):
        position, last = position / size, position % size
        index.insert(0, last)
    return tuple(index)
