# points: all
# why: by the facts of the first window and the last
def windowed(facts, length):
    offset, shape, strides = facts
    starts = range(0, shape[-1] - length + 1)
    if length < 1 or not starts:
        raise ValueError(f"length {length}, axis {shape[-1]}")
    return (offset, shape[:-1] + (len(starts), length), strides[:-1] + strides[-1:] * 2)
