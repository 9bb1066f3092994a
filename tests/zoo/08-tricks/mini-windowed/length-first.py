# points: visible 0, numpy 0, edge 0
# says: The axis that says which window comes first, then the position in it
# why: the two new axes have changed places
def windowed(facts, length):
    offset, shape, strides = facts
    if not 1 <= length <= shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    return offset, (*shape[:-1], length, shape[-1] - length + 1), (*strides, strides[-1])
