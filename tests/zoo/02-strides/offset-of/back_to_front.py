# points: visible 0, views 0, edge 0
# says: Here the strides are back to front: the first index belongs to the first stride
# why: pairs the first index with the last stride
def offset_of(index, strides, offset):
    return offset + sum(i * s for i, s in zip(index, strides[::-1]))
