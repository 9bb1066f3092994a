# points: visible 0, numpy 0, edge 0
# says: Keep the sign: a negative step goes the other way
# why: the stride is made positive
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = abs(strides[axis] * step)
    return offset + start * strides[axis], tuple(sizes), tuple(steps)
