# points: visible 0, numpy 0, edge 0
# says: raised TypeError
# why: a tuple cannot be changed
def after_slice(shape, strides, axis, start, stop, step):
    shape[axis] = len(range(*slice(start, stop, step).indices(shape[axis])))
    strides[axis] *= step
    return shape, strides
