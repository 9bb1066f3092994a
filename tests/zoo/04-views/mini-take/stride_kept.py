# points: visible 0, numpy 0, edge 0
# says: This is the old stride, but one step in the slice is `step` steps in the array
# why: keeps the old stride
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis]
    return offset + start * strides[axis], tuple(sizes), tuple(steps)
