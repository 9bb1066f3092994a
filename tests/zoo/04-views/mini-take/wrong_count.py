# points: visible 0, numpy 0, edge 0
# says: A size is never negative
# why: stop - start
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = stop - start
    steps[axis] = strides[axis] * step
    return offset + start * strides[axis], tuple(sizes), tuple(steps)
