# points: visible 0, numpy 0, edge 0
# says: The indices taken are those of range(2, -1, -2), and there are 2 of them
# why: a stop of -1 is taken for the end once more
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(shape[axis])[start:stop:step])
    steps[axis] = strides[axis] * step
    return offset + start * strides[axis], tuple(sizes), tuple(steps)
