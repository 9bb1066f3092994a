# points: visible 0, numpy 0, edge 0
# says: its stride is 0
# why: the stretched axis keeps its stride
def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded = (1,) * more + tuple(old)
    if more < 0 or any(a != b and a != 1 for a, b in zip(padded, shape)):
        raise ValueError(f"{old} {shape}")
    return offset, shape, (0,) * more + tuple(strides)
