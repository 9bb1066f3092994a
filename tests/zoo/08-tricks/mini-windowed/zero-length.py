# points: visible 0, numpy 2, edge 0
# says: A window has one element or more
# catch: visible
# why: a length of 0 or less passes
def windowed(facts, length):
    offset, shape, strides = facts
    if length > shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    return offset, (*shape[:-1], shape[-1] - length + 1, length), (*strides, strides[-1])
