# points: visible 0, numpy 0, edge 0
# says: This goes to start by the new stride; the way there is by the old one
# why: walks to start by the new stride
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis] * step
    return offset + start * strides[axis] * step, tuple(sizes), tuple(steps)
