# points: visible 0, random 2, edge 0
# catch: visible
# says: Six of the eight elements would be left over
# why: sees that elements are missing, not that some are left over


from math import prod


def reshaped(facts, shape):
    offset, old, strides = facts
    if prod(shape) > prod(old):
        raise ValueError('too many')
    if 0 in old:
        return offset, tuple(shape), (1,) * len(shape)
    runs = []
    for length, step in zip(old, strides):
        if runs and runs[-1][1] == length * step:
            runs[-1] = (runs[-1][0] * length, step)
        elif length > 1:
            runs.append((length, step))
    made, (left, step) = [], (1, 1)
    for length in reversed(shape):
        if left == 1 and length > 1:
            left, step = runs.pop()
        if left % length:
            raise ValueError("would copy")
        made.append(step)
        left, step = left // length, step * length
    return offset, tuple(shape), tuple(reversed(made))
