# points: visible 0
# says: Keep the names and the order of the arguments
# why: another number of arguments


def transposed(facts, axes):
    def inner(facts, *axes):
        return facts
    return inner(facts=facts, order=axes)
