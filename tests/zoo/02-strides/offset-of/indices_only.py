# points: visible 0, views 0, edge 0
# says: Each step has its own length in bytes: its stride.
# why: adds indices, not bytes
def offset_of(index, strides, offset):
    return offset + sum(index)
