# points: all
# why: pairs of length and stride


def transposed(facts, axes):
    offset, shape, strides = facts
    pairs = list(zip(shape, strides))
    if sorted(range(len(pairs))[k] if -len(pairs) <= k < len(pairs) else -1 for k in axes) != list(range(len(pairs))):
        raise ValueError("axes")
    moved = [pairs[k] for k in axes]
    return [offset, [n for n, _ in moved], [s for _, s in moved]]
