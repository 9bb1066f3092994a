# points: visible 0
# says: These are the strides of an array without gaps
# why: strides of an array without gaps, always


from math import prod


def reshaped(facts, shape):
    offset, old, strides = facts
    if prod(old) != prod(shape):
        raise ValueError("another number of elements")
    step, new = min(map(abs, strides), default=1), []
    for length in reversed(shape):
        new.insert(0, step)
        step *= length
    return offset, tuple(shape), tuple(new)
