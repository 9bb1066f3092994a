# points: visible 0, numpy 0, edge 0
# says: The offset counts bytes, and start counts steps of the old stride
# why: adds start
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis] * step
    return offset + start, tuple(sizes), tuple(steps)
