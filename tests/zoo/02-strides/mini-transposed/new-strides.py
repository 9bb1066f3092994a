# points: visible 0
# says: the strides of a new array
# why: strides of a fresh array


def transposed(facts, axes):
    offset, shape, strides = facts
    order = [axis % len(shape) if -len(shape) <= axis < len(shape) else axis for axis in axes]
    if sorted(order) != list(range(len(shape))):
        raise ValueError("axes")
    made = tuple(shape[k] for k in order)
    step, new = min(strides, default=1), []
    for length in made[::-1]:
        new.insert(0, step)
        step *= length
    return offset, made, tuple(new)
