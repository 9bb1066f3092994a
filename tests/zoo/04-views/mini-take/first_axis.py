# points: visible 0, numpy 0, edge 0
# says: Only axis 1 is sliced
# why: cuts axis 0 whatever is asked
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    first = len(range(start, stop, step))
    return offset + start * strides[0], (first, *shape[1:]), (strides[0] * step, *strides[1:])
