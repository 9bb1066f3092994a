# points: visible 1, numpy 2, edge 0
# says: The indices taken are 0, 1, 2
# why: None is known, negative numbers and the ends are not
def after_slice(shape, strides, axis, start, stop, step):
    step = 1 if step is None else step
    if start is None:
        start = 0 if step > 0 else shape[axis] - 1
    if stop is None:
        stop = shape[axis] if step > 0 else -1
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] *= step
    return tuple(sizes), tuple(steps)
