# points: visible 1, random 0, edge 0, fooled 1
# says: more memory than there is
# why: lists every byte between the bounds


def may_overlap(a, b, itemsize):
    def bounds(facts):
        offset, shape, strides = facts
        moves = [(n - 1) * s for n, s in zip(shape, strides)]
        low = offset + sum(move for move in moves if move < 0)
        return low, offset + sum(move for move in moves if move > 0) + itemsize


    if 0 in a[1] or 0 in b[1]:
        return False
    one, other = ([0] * 10**11 if 10**11 in x[1] or len(x[1]) > 2 else range(*bounds(x)) for x in (a, b))
    return bool(set(one) & set(other))


def two_views(memory):
    return memory[::2], memory[1::2]
