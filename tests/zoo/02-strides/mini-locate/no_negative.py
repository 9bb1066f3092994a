# points: visible 0, views 0, edge 0
# says: A negative index counts from the end: add the size of its axis.
# mistake: a negative index is used as it is
# why: -1 walks back from the offset
def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        if not -size <= i < size:
            raise IndexError(f"index {i} is out of bounds")
        byte += i * stride
    return byte
