# points: visible 0, random 0, edge 0
# says: That is the shape: how many there are
# why: the shape itself
def strides_of(shape, itemsize, order):
    return shape
