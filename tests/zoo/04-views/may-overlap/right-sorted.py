# points: all
# why: sorts the two by where they begin


def may_overlap(a, b, itemsize):
    def bounds(facts):
        offset, shape, strides = facts
        moves = [(n - 1) * s for n, s in zip(shape, strides)]
        low = offset + sum(move for move in moves if move < 0)
        return low, offset + sum(move for move in moves if move > 0) + itemsize


    if 0 in (*a[1], *b[1]):
        return False
    first, second = sorted([bounds(a), bounds(b)])
    return first[1] > second[0]


def two_views(memory):
    return [memory[:3:2], memory[1:4:2]]
