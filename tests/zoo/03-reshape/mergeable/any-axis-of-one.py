# points: visible 1, random 2
# says: there is a gap after the inner axis
# why: an axis of length 1 elsewhere helps nothing


def mergeable(shape, strides, axis):
    return 0 in shape or 1 in shape or strides[axis] == shape[axis + 1] * strides[axis + 1]
