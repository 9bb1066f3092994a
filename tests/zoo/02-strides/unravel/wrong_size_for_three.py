# points: visible 1, walk 2, edge 0
# says: The element before it is at (1, 1, 5)
# why: divides by the sizes from the wrong end, the last axis excepted
def unravel(position, *shape):
    left, last = divmod(position, shape[-1])
    index = []
    for size in shape[:-2]:
        left, one = divmod(left, size)
        index.append(one)
    return (*index[:1], left, *index[1:], last) if len(shape) > 1 else (position,)
