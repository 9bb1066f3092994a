# points: visible 0
# says: expected a list of (start, nbytes)
# why: one number


def runs(facts, itemsize):
    return facts[1][0] * itemsize
