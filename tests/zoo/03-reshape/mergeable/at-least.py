# points: visible 0
# says: The outer stride 4 is not 3 · 1, so the step to the next start of the inner axis differs from the others
# why: a gap is taken for a fit


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in shape[axis : axis + 2]:
        return True
    return strides[axis] >= shape[axis + 1] * strides[axis + 1]
