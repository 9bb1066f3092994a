# points: visible 0, random 0, edge 0
# says: These count elements, but strides count bytes
# why: forgets the item size
def strides_of(shape, itemsize, order):
    strides, stride = [], 1
    for size in shape if order == "F" else reversed(shape):
        strides.append(stride)
        stride *= size
    return tuple(strides if order == "F" else reversed(strides))
