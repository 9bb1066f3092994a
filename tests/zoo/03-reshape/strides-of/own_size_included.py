# points: visible 0, random 0, edge 0
# says: its stride is the item size
# why: multiplies by the axis's own size too
def strides_of(shape, itemsize, order):
    strides, stride = [], itemsize
    for size in shape if order == "F" else reversed(shape):
        stride *= size
        strides.append(stride)
    return tuple(strides if order == "F" else reversed(strides))
