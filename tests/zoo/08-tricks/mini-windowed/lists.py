# points: all
# why: lists are as good as tuples
def windowed(facts, length):
    offset, shape, strides = facts[0], list(facts[1]), list(facts[2])
    places = shape.pop() - length + 1
    if length < 1 or places < 1:
        raise ValueError(f"a window of {length} is not for {facts[1][-1]} elements")
    return [offset, shape + [places, length], strides + strides[-1:]]
