# points: visible 0, views 0, edge 0
# says: A negative stride goes backwards: keep its sign
# why: takes the size of each stride
def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        if not -size <= i < size:
            raise IndexError(f"index {i} is out of bounds")
        byte += (i + size if i < 0 else i) * abs(stride)
    return byte
