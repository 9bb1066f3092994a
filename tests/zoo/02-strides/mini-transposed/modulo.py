# points: visible 1, random 2
# says: expected a ValueError
# why: wraps axes that do not exist


def transposed(facts, axes):
    offset, shape, strides = facts
    order = [k % len(shape) for k in axes] if shape else []
    if sorted(order) != list(range(len(shape))):
        raise ValueError("axes")
    return offset, tuple(shape[k] for k in order), tuple(strides[k] for k in order)
