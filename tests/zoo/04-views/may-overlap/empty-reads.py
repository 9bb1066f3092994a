# points: visible 0, random 2, fooled 1
# says: An array with an axis of length 0 has no elements, so it reads no bytes
# catch: visible
# why: forgets that an empty array reads nothing


def may_overlap(a, b, itemsize):
    def bounds(facts):
        offset, shape, strides = facts
        moves = [(n - 1) * s for n, s in zip(shape, strides)]
        low = offset + sum(move for move in moves if move < 0)
        return low, offset + sum(move for move in moves if move > 0) + itemsize

    (low_a, high_a), (low_b, high_b) = bounds(a), bounds(b)
    return low_a < high_b and low_b < high_a


def two_views(memory):
    return memory[::2], memory[1::2]
