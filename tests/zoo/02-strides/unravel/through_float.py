# points: visible 1, walk 0, edge 1
# says: The element before it is at (2999999999, 2999999997)
# why: int(a / b) is not a // b for large a
def unravel(position, *shape):
    index = []
    for size in reversed(shape):
        row = int(position / size)
        index.insert(0, position - row * size)
        position = row
    return tuple(index)
