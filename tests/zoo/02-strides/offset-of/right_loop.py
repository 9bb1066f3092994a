# points: all
# why: one axis after another
def offset_of(index, strides, offset):
    for axis in range(len(index)):
        offset += index[axis] * strides[axis]
    return offset
