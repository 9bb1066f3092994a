# points: visible 0, views 0, edge 0
# says: raised IndexError
# why: refuses the first one from behind
def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        if not -size < i < size - 1:
            raise IndexError(i)
        byte += (i + size if i < 0 else i) * stride
    return byte
