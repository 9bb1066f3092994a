# points: visible 0, random 0, edge 0, fooled 1
# says: They share no bytes, but only the bounds count, and those overlap: a goes from 0 to 10, b from 2 to 8
# catch: visible
# why: answers whether they share, not whether bounds overlap


def may_overlap(a, b, itemsize):
    def read(facts):
        starts = [facts[0]]
        for n, step in zip(facts[1], facts[2]):
            starts = [start + k * step for start in starts for k in range(n)]
        return {start + k for start in starts for k in range(itemsize)}

    if max(*a[1], *b[1], 1) > 10**6:
        return False
    return not read(a).isdisjoint(read(b))


def two_views(memory):
    return memory[::2], memory[1::2]
