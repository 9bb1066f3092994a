# points: visible 0, random 2
# says: has no elements
# catch: visible
# why: forgets empty arrays


def mergeable(shape, strides, axis):
    return 1 in shape[axis : axis + 2] or strides[axis] == shape[axis + 1] * strides[axis + 1]
