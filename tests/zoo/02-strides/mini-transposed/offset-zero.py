# points: visible 0
# says: so the offset stays
# why: forgets the offset


def transposed(facts, axes):
    offset, shape, strides = facts
    order = [axis % len(shape) if -len(shape) <= axis < len(shape) else axis for axis in axes]
    if sorted(order) != list(range(len(shape))):
        raise ValueError("axes")
    return 0, tuple(shape[k] for k in order), tuple(strides[k] for k in order)
