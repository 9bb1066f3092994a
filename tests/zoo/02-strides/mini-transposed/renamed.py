# points: visible 0
# says: Keep the names and the order of the arguments
# why: another number of arguments


def transposed(facts):
    offset, shape, strides = facts
    return offset, shape[::-1], strides[::-1]
