# points: visible 0
# says: The outer stride 24 is 3 · 8, inner length times inner stride, so all steps are equal
# why: ignores the axis


def mergeable(shape, strides, axis):
    return strides[0] == shape[1] * strides[1]
