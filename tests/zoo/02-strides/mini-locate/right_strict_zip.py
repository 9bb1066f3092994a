# points: all
# why: two passes: first the index, then the walk
def locate(facts, index):
    offset, shape, strides = facts
    if len(index) != len(shape) or any(i >= n or i < -n for i, n in zip(index, shape)):
        raise IndexError(f"{index} is not in an array of shape {shape}")
    plain = [i % n for i, n in zip(index, shape)]
    for axis in range(len(plain)):
        offset = offset + strides[axis] * plain[axis]
    return offset
