# points: visible 0
# says: The lengths have to move along
# why: moves the strides alone


def transposed(facts, axes):
    offset, shape, strides = facts
    order = [axis % len(shape) if -len(shape) <= axis < len(shape) else axis for axis in axes]
    if sorted(order) != list(range(len(shape))):
        raise ValueError("axes")
    return offset, shape, tuple(strides[k] for k in order)
