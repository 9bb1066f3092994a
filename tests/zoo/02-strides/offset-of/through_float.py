# points: visible 1, views 2, edge 0
# says: expected 1730
# why: 53 bits of a float are too few
def offset_of(index, strides, offset):
    byte = float(offset)
    for i, s in zip(index, strides):
        byte += i * s
    return int(byte)
