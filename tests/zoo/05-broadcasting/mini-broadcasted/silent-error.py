# points: visible 0, numpy 0, edge 0
# says: name both shapes
# why: an error without words
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded, steps = (1,) * more + tuple(old), (0,) * more + tuple(strides)
    if more < 0 or any(a != b and a != 1 for a, b in zip(padded, shape)):
        raise ValueError
    return offset, shape, tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))
