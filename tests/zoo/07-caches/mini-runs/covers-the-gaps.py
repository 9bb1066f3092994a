# points: visible 0, random 0, edge 0
# says: is in a run, but belongs to no element
# why: takes the last axis for contiguous

def runs(facts, itemsize):
    offset, shape, strides = facts
    if 0 in shape:
        return []
    starts = [offset]
    for n, s in zip(shape[:-1], strides[:-1]):
        starts = [start + k * s for start in starts for k in range(n)]
    last = shape[-1] * itemsize if shape else itemsize
    return [(start, last) for start in starts]
