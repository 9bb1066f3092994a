# points: visible 0, numpy 0, edge 0
# says: expected two tuples, (shape, strides)
# why: the strides are missing
def after_slice(shape, strides, axis, start, stop, step):
    sizes = list(shape)
    sizes[axis] = len(range(*slice(start, stop, step).indices(shape[axis])))
    return sizes
