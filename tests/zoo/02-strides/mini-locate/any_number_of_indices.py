# points: visible 1, views 2, edge 0
# says: IndexError
# why: zip stops at the shorter one
def locate(facts, index):
    byte, shape, strides = facts
    for i, size, stride in zip(index, shape, strides):
        if not -size <= i < size:
            raise IndexError(f"index {i} is out of bounds")
        byte += (i + size if i < 0 else i) * stride
    return byte
