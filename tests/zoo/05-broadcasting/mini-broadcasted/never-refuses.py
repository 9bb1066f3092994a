# points: visible 0, numpy 0, edge 0
# says: Compared from the right, 3 is not 4
# why: stretches whatever comes
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded, steps = (1,) * more + tuple(old), (0,) * more + tuple(strides)
    return offset, shape, tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))
