# points: visible 1, numpy 2, edge 0
# says: Only a size of 1 is stretched. A size of 0 has no element to repeat.
# why: stretches whatever is not larger than 1
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded = (1,) * more + tuple(old)
    if more < 0 or any(a != b and a > 1 for a, b in zip(padded, shape)):
        raise ValueError(f"{old} {shape}")
    steps = (0,) * more + tuple(strides)
    return offset, shape, tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))
