# points: all
# why: a range knows its elements, from both ends, and refuses others
def locate(facts, index):
    offset, shape, strides = facts
    if len(index) != len(shape):
        raise IndexError("wrong number of indices")
    return offset + sum(range(n)[i] * s for i, n, s in zip(index, shape, strides))
