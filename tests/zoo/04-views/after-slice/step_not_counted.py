# points: visible 0, numpy 0, edge 0
# says: With a step of 2, not every index is taken
# why: the step does not change how many are left
def after_slice(shape, strides, axis, start, stop, step):
    start, stop, step = slice(start, stop, step).indices(shape[axis])
    sizes, steps = list(shape), list(strides)
    sizes[axis] = stop - start
    steps[axis] = strides[axis] * step
    return tuple(sizes), tuple(steps)
