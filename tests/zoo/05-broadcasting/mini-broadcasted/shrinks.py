# points: visible 0, numpy 0, edge 0
# says: A size does not shrink
# catch: visible
# why: both ways, as in a sum of two arrays
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded, steps = (1,) * more + tuple(old), (0,) * more + tuple(strides)
    if more < 0 or any(a != b and 1 not in (a, b) for a, b in zip(padded, shape)):
        raise ValueError(f"{old} {shape}")
    return offset, shape, tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))
