# points: visible 0, numpy 0, edge 0
# says: One step in the slice is `step` steps in the array, each as many bytes
# why: divides by the step
def after_slice(shape, strides, axis, start, stop, step):
    start, stop, step = slice(start, stop, step).indices(shape[axis])
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis] // step
    return tuple(sizes), tuple(steps)
