# points: visible 0
# says: This is the inverse order: axis k of the result should be axis axes[k] of the given array
# why: the inverse order


def transposed(facts, axes):
    offset, shape, strides = facts
    order = [axis % len(shape) if -len(shape) <= axis < len(shape) else axis for axis in axes]
    if sorted(order) != list(range(len(shape))):
        raise ValueError("axes")
    back = [order.index(k) for k in range(len(order))]
    return offset, tuple(shape[k] for k in back), tuple(strides[k] for k in back)
