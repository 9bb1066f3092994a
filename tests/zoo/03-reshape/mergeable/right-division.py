# points: all
# why: divides instead


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in (shape[axis], shape[axis + 1]):
        return True
    quotient, rest = divmod(strides[axis], shape[axis + 1])
    return rest == 0 and quotient == strides[axis + 1]
