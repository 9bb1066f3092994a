# points: visible 0, random 0, edge 0
# says: The last axis is the fastest here, as in C order
# why: does not look at order
def strides_of(shape, itemsize, order):
    strides = [itemsize]
    for size in shape[:0:-1]:
        strides.insert(0, strides[0] * size)
    return tuple(strides)
