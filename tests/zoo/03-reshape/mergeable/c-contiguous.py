# points: visible 0, edge 1
# says: The outer stride 24 is 3 · 8, inner length times inner stride, so all steps are equal
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
