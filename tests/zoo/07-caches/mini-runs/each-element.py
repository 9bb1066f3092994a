# points: visible 0, random 2, edge 0
# says: took longer than 5 s
# mistake: visits each element
# catch: visible
# why: visits each of a thousand million elements


def runs(facts, itemsize):
    from itertools import product

    offset, shape, strides = facts
    places = (offset + sum(i * s for i, s in zip(index, strides)) for index in product(*map(range, shape)))
    made = []
    for place in places:
        if made and sum(made[-1]) == place:
            made[-1] = (made[-1][0], made[-1][1] + itemsize)
        else:
            made.append((place, itemsize))
    return made
