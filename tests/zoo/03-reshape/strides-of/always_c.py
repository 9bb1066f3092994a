# points: visible 0, random 0, edge 0
# says: That is C order. In Fortran order the first index moves fastest.
# why: does not look at order
def strides_of(shape, itemsize, order):
    strides = [itemsize]
    for size in shape[:0:-1]:
        strides.insert(0, strides[0] * size)
    return tuple(strides)
