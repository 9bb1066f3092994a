# points: visible 0
# says: 24 = 3 · 8
# why: ignores the axis


def mergeable(shape, strides, axis):
    return strides[0] == shape[1] * strides[1]
