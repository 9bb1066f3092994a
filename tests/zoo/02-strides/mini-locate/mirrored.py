# points: visible 0, views 0, edge 0
# says: Index -1 is the last element of an axis, not the first
# why: counts -1 as the first
def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        if not -size <= i < size:
            raise IndexError(f"index {i} is out of bounds")
        byte += (-i - 1 if i < 0 else i) * stride
    return byte
