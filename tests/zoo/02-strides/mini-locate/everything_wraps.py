# points: visible 0, views 2, edge 0
# says: IndexError, got 0
# why: i % size has an answer for any i
def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        byte += i % size * stride
    return byte
