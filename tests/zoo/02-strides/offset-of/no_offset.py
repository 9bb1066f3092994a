# points: visible 0, views 0, edge 0
# says: The offset is missing: that is where you start to count
# catch: visible
# why: right where the offset is 0
def offset_of(index, strides, offset):
    return sum(i * s for i, s in zip(index, strides))
