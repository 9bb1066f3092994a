# points: all
# why: compares where a few elements lie


from math import prod


def reshaped(facts, shape):
    offset, old, strides = facts
    if prod(old) != prod(shape):
        raise ValueError("another number of elements")
    if prod(old) == 0:
        return offset, shape, [0] * len(shape)


    def place(position):
        byte = 0
        for length, step in zip(reversed(old), reversed(strides)):
            position, index = divmod(position, length)
            byte += index * step
        return byte


    below = [prod(shape[k + 1 :]) for k in range(len(shape))]
    made = [place(count) if n > 1 else 0 for n, count in zip(shape, below)]
    jumps = [0] + [prod(old[k:]) for k in range(len(old))]
    for jump in jumps:
        for position in (jump - 1, jump, 2 * jump, 2 * jump - 1, *range(min(100, prod(shape)))):
            if 0 <= position < prod(shape):
                rest, byte = position, 0
                for count, step in zip(below, made):
                    index, rest = divmod(rest, count)
                    byte += index * step
                if byte != place(position):
                    raise ValueError("would copy")
    return [offset, list(shape), made]
