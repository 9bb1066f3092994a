# points: visible 1, views 2, edge 0
# says: Axis 0 has size 4: 5 is beyond its end, because only -4 to 3 have an element
# why: refuses the first index beyond an end, and lets those further out pass
def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("one number for each axis")
    for i, size, stride in zip(index, shape, strides):
        if i == size or i < -size:
            raise IndexError(i)
        byte += (i + size if i < 0 else i) * stride
    return byte
