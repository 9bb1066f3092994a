# points: visible 0, numpy 2, edge 0
# says: An axis of 2 would get lost
# why: no look at the number of axes
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = max(len(shape) - len(old), 0)
    padded, steps = (1,) * more + tuple(old), (0,) * more + tuple(strides)
    padded, steps = padded[len(padded) - len(shape) :], steps[len(steps) - len(shape) :]
    if any(a != b and a != 1 for a, b in zip(padded, shape)):
        raise ValueError(f"{old} {shape}")
    return offset, shape, tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))
