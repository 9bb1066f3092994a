# points: visible 0
# says: reverses the axes whatever
# why: reverses whatever axes says


def transposed(facts, axes):
    offset, shape, strides = facts
    order = [axis % len(shape) if -len(shape) <= axis < len(shape) else axis for axis in axes]
    if sorted(order) != list(range(len(shape))):
        raise ValueError("axes")
    return offset, shape[::-1], strides[::-1]
