# points: visible 0, random 0, edge 0
# says: This is the shape: it says how many there are, not how far apart they are
# why: the shape itself
def strides_of(shape, itemsize, order):
    return shape
