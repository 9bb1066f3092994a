# points: visible 0
# says: These lengths count elements, but a run is measured in bytes
# catch: visible
# why: counts elements


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
    made = []
    for start in starts:
        if made and sum(made[-1]) == start:
            made[-1] = (made[-1][0], made[-1][1] + nbytes)
        else:
            made.append((start, nbytes))
    return [(start, n // itemsize) for start, n in made]
