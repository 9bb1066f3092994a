# points: all
# why: an axis at a time, from the outside


def runs(facts, itemsize):
    offset, shape, strides = facts


    def joined(pieces):
        made = []
        for start, nbytes in pieces:
            if made and made[-1][0] + made[-1][1] == start:
                made[-1][1] += nbytes
            else:
                made.append([start, nbytes])
        return made


    if not shape:
        return [(offset, itemsize)]
    inner = runs((0, shape[1:], strides[1:]), itemsize)
    if len(inner) == 1 and (shape[0] == 1 or strides[0] == inner[0][1]) and shape[0]:
        return [(offset + inner[0][0], inner[0][1] * shape[0])]
    return [tuple(one) for one in joined((offset + k * strides[0] + at, n) for k in range(shape[0]) for at, n in inner)]
