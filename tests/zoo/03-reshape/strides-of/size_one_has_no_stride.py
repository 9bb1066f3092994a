# points: visible 0, random 0, edge 0
# says: expected (8, 24, 24), got (8, 0, 24)
# why: gives stride 0 to an axis of size 1
def strides_of(shape, itemsize, order):
    strides, stride = [], itemsize
    for size in shape if order == "F" else reversed(shape):
        strides.append(0 if size == 1 else stride)
        stride *= size
    return tuple(strides if order == "F" else reversed(strides))
