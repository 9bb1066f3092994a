# points: visible 0, views 0, edge 0
# says: Strides are bytes already. Do not multiply by the item size.
# why: multiplies by 8
def offset_of(index, strides, offset):
    return offset + 8 * sum(i * s for i, s in zip(index, strides))
