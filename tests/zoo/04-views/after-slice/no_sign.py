# points: visible 0, numpy 0, edge 0
# says: Keep the sign: a negative step goes the other way
# why: the stride is made positive
def after_slice(shape, strides, axis, start, stop, step):
    start, stop, step = slice(start, stop, step).indices(shape[axis])
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = abs(strides[axis] * step)
    return tuple(sizes), tuple(steps)
