# points: visible 0, random 0, edge 1
# says: Byte 0 is missing
# why: a negative stride is taken for a positive one


def runs(facts, itemsize):
    offset, shape, strides = facts
    if 0 in shape:
        return []
    axes = [(n, s) for n, s in zip(shape, map(abs, strides)) if n > 1]
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
