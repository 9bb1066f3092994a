# points: visible 0, numpy 0, edge 0
# says: The next window starts one element further, not one whole window further
# why: the number of windows is right, their step is not
def windowed(facts, length):
    offset, shape, strides = facts
    if not 1 <= length <= shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    step = strides[-1]
    return (
        offset,
        (*shape[:-1], shape[-1] - length + 1, length),
        (*strides[:-1], step * length, step),
    )
