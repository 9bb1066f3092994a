# points: visible 0
# says: raised ValueError
# why: refuses whatever has a gap


from math import prod


def reshaped(facts, shape):
    offset, old, strides = facts
    step = strides[-1] if strides else 1
    for length, stride in zip(old[::-1], strides[::-1]):
        if stride != step and length > 1:
            raise ValueError("not contiguous")
        step *= length
    if prod(old) != prod(shape):
        raise ValueError("another number of elements")
    step, new = strides[-1] if strides else 1, []
    for length in reversed(shape):
        new.insert(0, step)
        step *= length
    return offset, tuple(shape), tuple(new)
