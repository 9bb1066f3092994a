# points: visible 1, numpy 2, edge 0
# says: Compared from the right, 4 is not 3, and an axis would get lost
# why: compares as many axes as the shorter shape has, and that fits by chance
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded = (1,) * more + tuple(old)
    if more < -1 or any(a != b and a != 1 for a, b in zip(padded, shape)):
        raise ValueError(f"{old} {shape}")
    steps = (0,) * more + tuple(strides)
    return offset, shape, tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))
