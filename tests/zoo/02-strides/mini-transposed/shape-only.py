# points: visible 0
# says: The lengths are in the new order; the strides have to be, too
# why: moves the lengths alone


def transposed(facts, axes):
    offset, shape, strides = facts
    order = [axis % len(shape) if -len(shape) <= axis < len(shape) else axis for axis in axes]
    if sorted(order) != list(range(len(shape))):
        raise ValueError("axes")
    return offset, tuple(shape[k] for k in order), strides
