# points: visible 0
# says: expected True or False
# why: a number instead of True or False


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in shape[axis : axis + 2]:
        return True
    return int(strides[axis] == shape[axis + 1] * strides[axis + 1])
