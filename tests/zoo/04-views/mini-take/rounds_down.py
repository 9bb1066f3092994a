# points: visible 0, numpy 0, edge 0
# says: The indices taken are those of range(2, -1, -2), and there are 2 of them
# why: forgets what is left over after whole steps
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = (stop - start) // step
    steps[axis] = strides[axis] * step
    return offset + start * strides[axis], tuple(sizes), tuple(steps)
