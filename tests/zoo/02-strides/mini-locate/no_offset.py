# points: visible 0, views 0, edge 0
# says: The offset is missing: that is where you start to count
# why: starts at byte 0
def locate(facts, index):
    byte, (_, shape, strides) = 0, facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        if not -size <= i < size:
            raise IndexError(f"index {i} is out of bounds")
        byte += (i + size if i < 0 else i) * stride
    return byte
