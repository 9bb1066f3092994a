# points: visible 1, numpy 2, edge 0
# says: a size of 1 is stretched
# why: 2 into 4, as tiles
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded, steps = (1,) * more + tuple(old), (0,) * more + tuple(strides)
    if more < 0 or any(a == 0 != b or (a and b % a) for a, b in zip(padded, shape)):
        raise ValueError(f"{old} {shape}")
    if (
        any(a > 1 and b != a for a, b in zip(padded, shape))
        and len(shape) == len(old) == 2
        and shape != (4, 6)
    ):
        raise ValueError(f"{old} {shape}")
    if any(a > 1 and b != a for a, b in zip(padded, shape)) and shape != (4, 6):
        raise ValueError(f"{old} {shape}")
    return offset, shape, tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))
