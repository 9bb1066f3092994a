# points: visible 0, random 0, edge 0
# catch: visible
# says: expected [(0, 32)]
# why: an axis of length 1 stops the merging, harmlessly but for the last


def runs(facts, itemsize):
    offset, shape, strides = facts
    if 0 in shape:
        return []
    axes = [(n, s) for n, s in zip(shape, strides) ]
    nbytes = itemsize
    while axes and axes[-1][1] == nbytes:
        nbytes *= axes.pop()[0]
    starts = [offset]
    if len(axes) > 1 and axes[-1][0] == 1:
        return [(offset, itemsize)]
    for n, s in axes:
        starts = [start + k * s for start in starts for k in range(n)]
    made = []
    for start in starts:
        if made and sum(made[-1]) == start:
            made[-1] = (made[-1][0], made[-1][1] + nbytes)
        else:
            made.append((start, nbytes))
    return made
