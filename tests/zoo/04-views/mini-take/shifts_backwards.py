# points: visible 0, numpy 0, edge 0
# says: The first element of the slice is at index 2 of the old axis 1
# why: begins at the other end for a negative step
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis] * step
    return offset + (stop if step < 0 else start) * strides[axis], tuple(sizes), tuple(steps)
