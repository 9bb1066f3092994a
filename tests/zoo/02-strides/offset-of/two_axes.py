# points: visible 0, views 0, edge 0
# says: This counts the steps along two axes only; there are more
# catch: visible
# why: tables only; the third index of the visible example is 0
def offset_of(index, strides, offset):
    byte = offset
    for k in range(min(2, len(index))):
        byte += index[k] * strides[k]
    return byte
