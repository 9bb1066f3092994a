# points: visible 0, random 0, edge 0
# says: They are back to front: in C order the last index moves fastest.
# why: the C strides of a square are right back to front
def strides_of(shape, itemsize, order):
    strides, stride = [], itemsize
    for size in reversed(shape):
        strides.append(stride)
        stride *= size
    return tuple(strides)
