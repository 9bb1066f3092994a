# points: all
# why: tuples put together, and lists of indices
def after_slice(shape, strides, axis, start, stop, step):
    taken = list(range(shape[axis]))[start:stop:step]
    shape = shape[:axis] + (len(taken),) + shape[axis + 1 :]
    strides = strides[:axis] + (strides[axis] * (step or 1),) + strides[axis + 1 :]
    return shape, strides
