# points: visible 0, numpy 0, edge 0
# says: took longer than 5 s and was stopped
# why: counts down and never stops
def take(facts, axis, start, stop, step):
    offset, shape, strides = facts
    count, index = 0, start
    while index != stop + 1000:
        index -= abs(step)
        count += 1
    return offset, shape, strides
