# points: visible 0, views 0, edge 0
# says: This is the position in C order, but the strides say where an element is
# why: ravels, and does not look at the strides
def locate(facts, index):
    _, shape, _ = facts
    position = 0
    for i, size in zip(index, shape):
        if not -size <= i < size:
            raise IndexError(i)
        position = position * size + i % size
    return position
