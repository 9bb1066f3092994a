# points: visible 0, edge 1
# says: the next step is as long as all before it
# why: asks whether the whole array is without gaps


def mergeable(shape, strides, axis):
    if 0 in shape or 1 in shape[axis : axis + 2]:
        return True
    step = strides[-1]
    for length, stride in zip(shape[::-1], strides[::-1]):
        if stride != step:
            return False
        step *= length
    return True
