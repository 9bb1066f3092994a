# points: visible 0, views 0, edge 0
# says: The offset counts bytes and is added once, as it is
# why: takes the offset for a number of elements

def offset_of(index, strides, offset):
    return 8 * offset + sum(i * s for i, s in zip(index, strides))
