# points: visible 0
# says: These are the elements one by one
# mistake: does not join pieces that touch
# why: elements one by one


def runs(facts, itemsize):
    offset, shape, strides = facts
    if 0 in shape:
        return []
    axes = [(n, s) for n, s in zip(shape, strides) if n > 1]
    nbytes = itemsize
    if axes and axes[0][0] > 999:
        axes = axes[-1:]
    starts = [offset]
    for n, s in axes:
        starts = [start + k * s for start in starts for k in range(min(n, 999))]
    return [(start, nbytes) for start in starts]
