# points: visible 0, numpy 0, edge 0
# says: There is one more axis than before: the position in a window
# why: counts the windows and forgets what is in them
def windowed(facts, length):
    offset, shape, strides = facts
    if not 1 <= length <= shape[-1]:
        raise ValueError(f"{length} {shape[-1]}")
    return offset, (*shape[:-1], shape[-1] - length + 1), strides
