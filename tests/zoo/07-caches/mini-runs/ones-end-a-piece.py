# points: visible 0, random 2, edge 0
# catch: visible
# says: Skip axes of length 1, so that they do not end a piece
# why: an axis of length 1 with an odd stride ends the piece, so each element is visited


def runs(facts, itemsize):
    offset, shape, strides = facts
    if 0 in shape:
        return []
    axes = list(zip(shape, strides))
    nbytes = itemsize
    while axes and axes[-1][1] == nbytes:
        nbytes *= axes.pop()[0]
    starts = [offset]
    for n, s in axes:
        starts = [start + k * s for start in starts for k in range(n)]
    made = []
    for start in starts:
        if made and sum(made[-1]) == start:
            made[-1] = (made[-1][0], made[-1][1] + nbytes)
        else:
            made.append((start, nbytes))
    return made
