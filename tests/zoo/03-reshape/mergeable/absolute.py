# points: visible 0
# says: the signs of the strides count
# catch: visible
# why: loses the signs


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in shape[axis : axis + 2]:
        return True
    return abs(strides[axis]) == shape[axis + 1] * abs(strides[axis + 1])
