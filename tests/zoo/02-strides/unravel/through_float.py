# points: visible 1, walk 0, edge 1
# says: A float has no room for so many digits: use // and %, not /.
# why: int(a / b) is not a // b for large a
def unravel(position, *shape):
    index = []
    for size in reversed(shape):
        row = int(position / size)
        index.insert(0, position - row * size)
        position = row
    return tuple(index)
