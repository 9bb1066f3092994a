# points: visible 0, numpy 0, edge 0
# says: Count again: the elements left over after the last whole step add one more
# why: rounds the number of steps down
def after_slice(shape, strides, axis, start, stop, step):
    start, stop, step = slice(start, stop, step).indices(shape[axis])
    sizes, steps = list(shape), list(strides)
    sizes[axis] = abs(stop - start) // abs(step)
    steps[axis] = strides[axis] * step
    return tuple(sizes), tuple(steps)
