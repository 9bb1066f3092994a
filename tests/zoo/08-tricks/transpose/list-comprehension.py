# points: visible 0, layout 2, view 0, edge 0
# says: expected an array
# why: a list of lists has no strides
def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides[::-1]


def transpose(a):
    return [[a[i, j] for i in range(a.shape[0])] for j in range(a.shape[1])]
