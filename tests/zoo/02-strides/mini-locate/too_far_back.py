# points: visible 0, views 2, edge 0
# says: IndexError, got -6
# catch: visible
# why: checks the upper end only
def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        if i >= size:
            raise IndexError(i)
        byte += (i + size if i < 0 else i) * stride
    return byte
