# points: visible 0, fooled 1
# says: The last element takes itemsize bytes
# catch: visible
# why: the last element has no width


def may_overlap(a, b, itemsize):
    def bounds(facts):
        offset, shape, strides = facts
        moves = [(n - 1) * s for n, s in zip(shape, strides)]
        low = offset + sum(move for move in moves if move < 0)
        return low, offset + sum(move for move in moves if move > 0)

    if 0 in a[1] or 0 in b[1]:
        return False
    (low_a, high_a), (low_b, high_b) = bounds(a), bounds(b)
    return low_a <= high_b and low_b <= high_a


def two_views(memory):
    return memory[::2], memory[1::2]
