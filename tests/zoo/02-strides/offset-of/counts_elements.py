# points: visible 0, views 0, edge 0
# says: Strides are bytes already. Do not divide by the item size.
# why: divides by 8
def offset_of(index, strides, offset):
    return offset + sum(i * s for i, s in zip(index, strides)) // 8
