# points: visible 0, numpy 0, edge 0
# says: raised TypeError
# why: a tuple cannot be changed
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    offset += start * strides[axis]
    shape[axis] = len(range(start, stop, step))
    strides[axis] *= step
    return offset, shape, strides
