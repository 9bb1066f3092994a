# points: visible 0, numpy 0, edge 0
# says: Strides count bytes, not elements.
# why: the step is no stride
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = step
    return offset + start * strides[axis], tuple(sizes), tuple(steps)
