# points: visible 1, random 2
# says: The outer stride 7 is not 3 · 2, so the step to the next start of the inner axis differs from the others
# why: an axis of length 1 elsewhere helps nothing


def mergeable(shape, strides, axis):
    return 0 in shape or 1 in shape or strides[axis] == shape[axis + 1] * strides[axis + 1]
