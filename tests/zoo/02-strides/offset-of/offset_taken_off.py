# points: visible 0, views 0, edge 0
# says: The offset is where you start to count: add it, do not subtract it
# why: subtracts the offset
def offset_of(index, strides, offset):
    return sum(i * s for i, s in zip(index, strides)) - offset
