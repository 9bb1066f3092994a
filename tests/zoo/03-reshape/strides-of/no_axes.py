# points: visible 1, random 2, edge 0
# says: expected a tuple of 0
# why: always has at least one stride
def strides_of(shape, itemsize, order):
    strides = [itemsize]
    if order == "C":
        for size in shape[:0:-1]:
            strides.insert(0, strides[0] * size)
    else:
        for size in shape[:-1]:
            strides.append(strides[-1] * size)
    return tuple(strides)
