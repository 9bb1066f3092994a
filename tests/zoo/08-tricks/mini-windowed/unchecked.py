# points: visible 0, numpy 0, edge 0
# says: Six numbers have no window of 7
# why: 0 places are no error by themselves
def windowed(facts, length):
    offset, shape, strides = facts
    return offset, (*shape[:-1], shape[-1] - length + 1, length), (*strides, strides[-1])
