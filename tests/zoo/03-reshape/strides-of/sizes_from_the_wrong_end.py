# points: visible 0, random 0, edge 0
# says: The stride of the fastest axis is right; each other one is the stride next to it, on the faster side, times the size there
# why: right for tables of two equal sizes only
def strides_of(shape, itemsize, order):
    sizes = shape if order == "C" else shape[::-1]
    strides, stride = [], itemsize
    for size in sizes:
        strides.append(stride)
        stride *= size
    return tuple(reversed(strides)) if order == "C" else tuple(strides)
