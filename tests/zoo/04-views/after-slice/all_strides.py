# points: visible 0, numpy 0, edge 0
# says: Only axis 1 is sliced
# why: multiplies every stride
def after_slice(shape, strides, axis, start, stop, step):
    taken = range(*slice(start, stop, step).indices(shape[axis]))
    sizes = list(shape)
    sizes[axis] = len(taken)
    return tuple(sizes), tuple(stride * taken.step for stride in strides)
