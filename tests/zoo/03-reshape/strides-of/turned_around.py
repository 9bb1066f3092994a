# points: visible 0, random 0, edge 0
# says: These are the C strides back to front
# catch: visible
# why: F strides as the C strides back to front
def strides_of(shape, itemsize, order):
    strides, stride = [], itemsize
    for size in reversed(shape):
        strides.append(stride)
        stride *= size
    return tuple(strides if order == "F" else reversed(strides))
