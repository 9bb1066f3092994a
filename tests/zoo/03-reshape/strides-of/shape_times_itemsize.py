# points: visible 0, random 0, edge 0
# says: Here each stride is made from the size of its own axis; one step skips what the faster axes hold
# why: each size times the item size
def strides_of(shape, itemsize, order):
    return tuple(size * itemsize for size in shape)
