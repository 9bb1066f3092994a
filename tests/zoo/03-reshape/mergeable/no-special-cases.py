# points: visible 0, random 2
# says: Along an axis of length 1 no step is taken, so its stride does not matter
# catch: visible
# why: the equation alone


def mergeable(shape, strides, axis):
    return strides[axis] == shape[axis + 1] * strides[axis + 1]
