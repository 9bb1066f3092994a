# points: visible 0, numpy 0, edge 0
# says: These windows are side by side, but each window should start one element after the one before it
# catch: visible
# why: blocks, not windows
def windowed(facts, length):
    offset, shape, strides = facts
    if not 1 <= length <= shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    step = strides[-1]
    return offset, (*shape[:-1], shape[-1] // length, length), (*strides[:-1], step * length, step)
