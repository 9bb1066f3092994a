# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 0, step-5-visible 1, step-5-numpy 2, step-6-visible 1, step-6-numpy 2, all 2
# says: NumPy finds strides for this shape
# cell: your-ndarray-parts
# why: `reshaped` forgets arrays without elements
from itertools import product
from math import prod


def locate(facts, index):
    byte, shape, strides = facts
    if len(index) != len(shape) or any(not -n <= i < n for i, n in zip(index, shape)):
        raise IndexError(f"there is no element {index} in shape {shape}")
    return byte + sum(i % n * s for i, n, s in zip(index, shape, strides))


def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    shape, steps = list(shape), list(strides)
    shape[axis] = len(range(start, stop, step))
    steps[axis] *= step
    return offset + start * strides[axis], tuple(shape), tuple(steps)


def transposed(facts, axes):
    offset, shape, strides = facts
    if sorted(axes) != list(range(len(shape))):
        raise ValueError(f"{axes} are not the axes of an array of shape {shape}")
    return offset, tuple(shape[k] for k in axes), tuple(strides[k] for k in axes)


def reshaped(facts, shape):
    offset, old, strides = facts
    if prod(old) != prod(shape):
        raise ValueError(f"shape {old} and shape {shape} have not as many elements")
    walks = []
    for n, step in zip(old, strides):
        if walks and walks[-1][1] == n * step:
            walks[-1] = (walks[-1][0] * n, step)
        elif n > 1:
            walks.append((n, step))
    steps, (left, step) = [], (1, 0)
    for n in reversed(shape):
        if n > 1 and left == 1:
            left, step = walks.pop()
        if left % n:
            raise ValueError(f"no strides lead through {old} in shape {shape}")
        steps.insert(0, step)
        left, step = left // n, step * n
    return offset, tuple(shape), tuple(steps)


def runs(facts, itemsize):
    pieces = []
    for index in product(*map(range, facts[1])):
        byte = locate(facts, index)
        if pieces and sum(pieces[-1]) == byte:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + itemsize)
        else:
            pieces.append((byte, itemsize))
    return pieces


def broadcasted(facts, shape):
    offset, old, strides = facts
    more = len(shape) - len(old)
    padded = (1,) * more + tuple(old)
    if more < 0 or any(a not in (1, b) for a, b in zip(padded, shape)):
        raise ValueError(f"shape {old} cannot be broadcast to {shape}")
    steps = (0,) * more + tuple(strides)
    return offset, tuple(shape), tuple(s if a == b else 0 for a, b, s in zip(padded, shape, steps))


def windowed(facts, length):
    offset, (*rest, n), strides = facts
    if not 1 <= length <= n:
        raise ValueError(f"a window of {length} does not fit an axis of {n}")
    return offset, (*rest, n - length + 1, length), (*strides, strides[-1])
# your parts end
