# points: all
# why: compares the step across with the step along


def mergeable(shape, strides, axis):
    outer, inner = shape[axis], shape[axis + 1]
    if outer == 1 or inner == 1 or not all(shape):
        return True
    across = strides[axis] - (inner - 1) * strides[axis + 1]
    return across == strides[axis + 1]
