# points: all
# why: lets NumPy compare, on arrays that are never read


def may_overlap(a, b, itemsize):
    import numpy as np

    from numpy.lib.stride_tricks import as_strided

    if 0 in a[1] or 0 in b[1]:
        return False
    ends = []
    for offset, shape, strides in (a, b):
        dot = np.dot([n - 1 for n in shape], np.minimum(strides, 0)) if shape else 0
        top = np.dot([n - 1 for n in shape], np.maximum(strides, 0)) if shape else 0
        ends.append((offset + int(dot), offset + int(top) + itemsize))
    return max(ends[0][0], ends[1][0]) < min(ends[0][1], ends[1][1])


def two_views(memory):
    table = memory.reshape(6, 4)
    return table[:, 0], table[:, 1:3]
