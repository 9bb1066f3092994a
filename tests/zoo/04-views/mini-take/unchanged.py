# points: visible 0, numpy 0, edge 0
# says: These are the old facts: a slice has facts of its own.
# why: gives back what it got
def take(facts, axis, start, stop, step):
    return facts
