# points: visible 0, numpy 0, edge 0
# says: The last window is missing
# why: off by one
def windowed(facts, length):
    offset, shape, strides = facts
    if not 1 <= length <= shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    return offset, (*shape[:-1], shape[-1] - length, length), (*strides, strides[-1])
