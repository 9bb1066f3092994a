# points: visible 0, numpy 0, edge 0
# says: the last axis has windows
# why: windows along the first axis
def windowed(facts, length):
    offset, shape, strides = facts
    if not 1 <= length <= shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    return offset, (shape[0] - length + 1, *shape[1:], length), (*strides, strides[0])
