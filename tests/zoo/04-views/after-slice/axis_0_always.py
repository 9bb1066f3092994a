# points: visible 0, numpy 0, edge 0
# says: Only axis 1 is sliced
# why: cuts axis 0
def after_slice(shape, strides, axis, start, stop, step):
    taken = range(*slice(start, stop, step).indices(shape[axis]))
    return (len(taken), *shape[1:]), (strides[0] * taken.step, *strides[1:])
