# points: visible 1, numpy 2, edge 0
# says: A size is never negative
# why: stop before start gives less than nothing
def after_slice(shape, strides, axis, start, stop, step):
    start, stop, step = slice(start, stop, step).indices(shape[axis])
    sizes, steps = list(shape), list(strides)
    sizes[axis] = -((start - stop) // step)
    steps[axis] = strides[axis] * step
    return tuple(sizes), tuple(steps)
