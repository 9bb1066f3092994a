# points: visible 0
# says: The strides are in the new order; the lengths have to be, too
# catch: visible
# why: moves the strides alone


def transposed(facts, axes):
    offset, shape, strides = facts
    order = [axis % len(shape) if -len(shape) <= axis < len(shape) else axis for axis in axes]
    if sorted(order) != list(range(len(shape))):
        raise ValueError("axes")
    return offset, shape, tuple(strides[k] for k in order)
