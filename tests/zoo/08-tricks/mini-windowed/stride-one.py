# points: visible 0, numpy 0, edge 0
# says: Strides count bytes, not elements
# why: the next element is not 1 byte further
def windowed(facts, length):
    offset, shape, strides = facts
    if not 1 <= length <= shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    return offset, (*shape[:-1], shape[-1] - length + 1, length), (*strides, 1)
