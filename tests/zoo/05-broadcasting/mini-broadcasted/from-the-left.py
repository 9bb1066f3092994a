# points: visible 0, numpy 0, edge 0
# says: These shapes fit: the result is (0, (2, 3, 4), (0, 8, 0))
# catch: visible
# why: lines the shapes up on the left
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded, steps = tuple(old) + (1,) * more, tuple(strides) + (0,) * more
    if len(old) == 1 and more > 0:
        return offset, shape, tuple(strides) + (0,) * more
    if more < 0 or any(a != b and a != 1 for a, b in zip(padded, shape)):
        raise ValueError(f"{old} {shape}")
    return offset, shape, tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))
