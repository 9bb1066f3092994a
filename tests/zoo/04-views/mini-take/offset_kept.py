# points: visible 0, numpy 0, edge 0
# says: The slice does not begin where the array does
# catch: visible
# why: keeps the old offset
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis] * step
    return offset, tuple(sizes), tuple(steps)
