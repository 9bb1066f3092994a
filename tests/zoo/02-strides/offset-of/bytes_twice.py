# points: visible 0, views 0, edge 0
# says: This multiplies the steps by 8, but strides count bytes already
# why: multiplies by 8
def offset_of(index, strides, offset):
    return offset + 8 * sum(i * s for i, s in zip(index, strides))
