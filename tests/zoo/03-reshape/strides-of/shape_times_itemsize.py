# points: visible 0, random 0, edge 0
# says: One step skips a whole container
# why: each size times the item size
def strides_of(shape, itemsize, order):
    return tuple(size * itemsize for size in shape)
