# points: visible 0
# says: Here the first index moves fastest, but the last one should
# why: the first index fastest


from math import prod


def reshaped(facts, shape):
    offset, old, strides = facts
    if prod(old) != prod(shape) or (len(old) > 1 and strides[0] < strides[1]) and shape != old:
        raise ValueError("would copy")
    if shape == old:
        return facts
    step, new = min(map(abs, strides), default=1), []
    for length in shape:
        new.append(step)
        step *= length
    return offset, tuple(shape), tuple(new)
