# points: visible 0, random 2, edge 0
# says: raised ValueError
# why: does not know negative axes


def transposed(facts, axes):
    offset, shape, strides = facts
    if sorted(axes) != list(range(len(shape))):
        raise ValueError("axes")
    return offset, tuple(shape[k] for k in axes), tuple(strides[k] for k in axes)
