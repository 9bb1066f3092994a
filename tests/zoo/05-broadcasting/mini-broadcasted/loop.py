# points: all
# why: a loop from the right
def broadcasted(facts, shape):
    offset, old, strides = facts
    if len(old) > len(shape):
        raise ValueError(f"{old} has more axes than {shape}")
    steps = []
    for k in range(1, len(shape) + 1):
        if k > len(old):
            steps.append(0)
        elif old[-k] == shape[-k]:
            steps.append(strides[-k])
        elif old[-k] == 1:
            steps.append(0)
        else:
            raise ValueError(f"{old} does not become {shape}")
    return [offset, list(shape), steps[::-1]]
