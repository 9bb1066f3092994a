# points: visible 0, random 0, edge 0
# says: These are the elements one by one
# mistake: does not join pieces that touch
# catch: visible
# why: pieces that touch by chance


def runs(facts, itemsize):
    offset, shape, strides = facts
    if 0 in shape:
        return []
    axes = [(n, s) for n, s in zip(shape, strides) if n > 1]
    nbytes = itemsize
    while axes and axes[-1][1] == nbytes:
        nbytes *= axes.pop()[0]
    starts = [offset]
    for n, s in axes:
        starts = [start + k * s for start in starts for k in range(n)]
    return [(start, nbytes) for start in starts]
