# points: visible 0, numpy 0, edge 0
# says: This is the old stride, but one step in the slice is `step` steps in the array
# catch: visible
# why: keeps the old strides
def after_slice(shape, strides, axis, start, stop, step):
    start, stop, step = slice(start, stop, step).indices(shape[axis])
    sizes, steps = list(shape), list(strides)
    sizes[axis] = len(range(start, stop, step))
    steps[axis] = strides[axis]
    return tuple(sizes), tuple(steps)
