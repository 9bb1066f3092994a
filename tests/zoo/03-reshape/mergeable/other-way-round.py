# points: visible 0
# says: The outer stride 3 is 3 · 1, inner length times inner stride, so all steps are equal
# why: inner and outer changed places


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in shape[axis : axis + 2]:
        return True
    return strides[axis + 1] == shape[axis] * strides[axis]
