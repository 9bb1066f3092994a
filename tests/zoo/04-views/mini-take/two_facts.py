# points: visible 0, numpy 0, edge 0
# says: expected three facts, (offset, shape, strides)
# why: as in the exercise before, without the offset
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis] * step
    return tuple(sizes), tuple(steps)
