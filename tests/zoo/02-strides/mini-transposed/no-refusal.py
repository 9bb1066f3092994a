# points: visible 0, random 2
# says: expected a ValueError
# why: takes an axis twice


def transposed(facts, axes):
    offset, shape, strides = facts
    return offset, tuple(shape[k] for k in axes), tuple(strides[k] for k in axes)
