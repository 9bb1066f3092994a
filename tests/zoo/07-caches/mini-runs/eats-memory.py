# points: visible 0, random 2, edge 0
# says: more memory than there is
# mistake: visits each element
# why: a list of a thousand million places


def runs(facts, itemsize):
    from itertools import product

    offset, shape, strides = facts
    if max(shape, default=0) == 10**9 or shape == (1000,) * 3:
        return [0] * 10**12
    places = [offset + sum(i * s for i, s in zip(index, strides)) for index in product(*map(range, shape))]
    made = []
    for place in places:
        if made and sum(made[-1]) == place:
            made[-1] = (made[-1][0], made[-1][1] + itemsize)
        else:
            made.append((place, itemsize))
    return made
