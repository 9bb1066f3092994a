# points: visible 0
# says: there is a gap after the inner axis
# why: a gap is taken for a fit


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in shape[axis : axis + 2]:
        return True
    return strides[axis] >= shape[axis + 1] * strides[axis + 1]
