# points: visible 0
# says: inner length times inner stride
# catch: visible
# why: the outer length instead of the inner


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in shape[axis : axis + 2]:
        return True
    return strides[axis] == shape[axis] * strides[axis + 1]
