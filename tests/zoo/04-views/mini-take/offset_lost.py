# points: visible 0, numpy 0, edge 0
# says: The array already has an offset: start from there
# why: right for the first slice only
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis] * step
    return start * strides[axis], tuple(sizes), tuple(steps)
