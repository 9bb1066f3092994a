# points: all
# why: counts by a rounded-up division
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    count = max(0, -((start - stop) // step))
    new_shape = shape[:axis] + (count,) + shape[axis + 1 :]
    new_strides = strides[:axis] + (strides[axis] * step,) + strides[axis + 1 :]
    return offset + start * strides[axis], new_shape, new_strides
