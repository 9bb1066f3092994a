# points: visible 0, numpy 0, edge 0
# says: Strides count bytes, not elements.
# why: gives the step itself
def after_slice(shape, strides, axis, start, stop, step):
    start, stop, step = slice(start, stop, step).indices(shape[axis])
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = step
    return tuple(sizes), tuple(steps)
