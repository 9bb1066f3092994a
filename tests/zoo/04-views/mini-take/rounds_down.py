# points: visible 0, numpy 0, edge 0
# says: Count the indices in range(2, -1, -2): how many are they?
# why: forgets what is left over after whole steps
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = (stop - start) // step
    steps[axis] = strides[axis] * step
    return offset + start * strides[axis], tuple(sizes), tuple(steps)
