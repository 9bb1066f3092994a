# points: visible 0, numpy 0, edge 0
# says: The slice ends before `stop`, which is not taken
# why: takes stop as well
def after_slice(shape, strides, axis, start, stop, step):
    start, stop, step = slice(start, stop, step).indices(shape[axis])
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop + 1, step))
    steps[axis] = strides[axis] * step
    return tuple(sizes), tuple(steps)
