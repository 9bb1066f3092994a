# points: visible 0, numpy 2, edge 0
# says: raised TypeError
# why: nothing may be left out
def after_slice(shape, strides, axis, start, stop, step):
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis] * step
    return tuple(sizes), tuple(steps)
