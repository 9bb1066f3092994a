# points: visible 0, random 0, edge 0
# says: raised IndexError: pop from empty list
# catch: visible
# why: takes a run for a new axis of length 1, and there may be none left
from math import prod


def reshaped(facts, shape):
    offset, old, strides = facts
    if prod(old) != prod(shape):
        raise ValueError("another number of elements")
    if 0 in old:
        return offset, tuple(shape), (1,) * len(shape)
    runs = []
    for length, step in zip(old, strides):
        if runs and runs[-1][1] == length * step:
            runs[-1] = (runs[-1][0] * length, step)
        elif length > 1:
            runs.append((length, step))
    made, left, step = [], 1, 1
    for length in reversed(shape):
        if left == 1:
            left, step = runs.pop()
        if left % length:
            raise ValueError("a new axis would need two runs")
        made.append(step)
        left, step = left // length, step * length
    return offset, tuple(shape), tuple(reversed(made))
