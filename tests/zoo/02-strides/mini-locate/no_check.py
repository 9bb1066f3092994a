# points: visible 0, views 2, edge 0
# says: IndexError, got 12
# catch: visible
# why: reads beyond the end
def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        byte += (i + size if i < 0 else i) * stride
    return byte
