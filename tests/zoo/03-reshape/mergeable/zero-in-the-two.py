# points: visible 1, random 2
# says: has no elements
# why: an empty axis elsewhere empties the array too


def mergeable(shape, strides, axis):
    if {0, 1} & set(shape[axis : axis + 2]):
        return True
    return strides[axis] == shape[axis + 1] * strides[axis + 1]
