# points: visible 0
# says: These are the right bytes in another order
# why: the first index fastest


def runs(facts, itemsize):
    offset, shape, strides = facts[0], facts[1][::-1], facts[2][::-1]
    if 0 in shape:
        return []
    axes = [(n, s) for n, s in zip(shape, strides) if n > 1]
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
