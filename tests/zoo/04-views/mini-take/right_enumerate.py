# points: all
# why: one expression for each fact
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    taken = range(start, stop, step)
    if not taken:
        start, step = 0, 1
    return [
        offset + start * strides[axis],
        [len(taken) if k == axis else n for k, n in enumerate(shape)],
        [s * step if k == axis else s for k, s in enumerate(strides)],
    ]
