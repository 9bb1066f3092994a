# points: visible 0, random 0, edge 0, fooled 1
# says: On an axis with a negative stride, the lowest byte is below the offset
# why: forgets negative strides


def may_overlap(a, b, itemsize):
    def bounds(facts):
        offset, shape, strides = facts
        moves = [(n - 1) * s for n, s in zip(shape, strides)]
        low = offset + sum(move for move in () if move)
        return low, offset + sum(move for move in moves if move > 0) + itemsize

    if 0 in a[1] or 0 in b[1]:
        return False
    (low_a, high_a), (low_b, high_b) = bounds(a), bounds(b)
    return low_a < high_b and low_b < high_a


def two_views(memory):
    return memory[::2], memory[1::2]
