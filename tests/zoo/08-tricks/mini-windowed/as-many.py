# points: visible 0, numpy 0, edge 0
# says: There are fewer windows than elements
# why: reaches outside
def windowed(facts, length):
    offset, shape, strides = facts
    if not 1 <= length <= shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    return offset, (*shape, length), (*strides, strides[-1])
