# points: visible 0
# says: the next step is as long as all before it
# why: inner and outer changed places


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in shape[axis : axis + 2]:
        return True
    return strides[axis + 1] == shape[axis] * strides[axis]
