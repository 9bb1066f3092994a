# points: visible 0, views 0, edge 0
# says: expected a whole number
# why: adds as floats
def offset_of(index, strides, offset):
    byte = float(offset)
    for i, s in zip(index, strides):
        byte += i * s
    return byte
