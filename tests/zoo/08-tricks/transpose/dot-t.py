# points: all
# why: .T is right wherever it is allowed
def transpose_layout(offset, shape, strides):
    (m, n), (down, right) = shape, strides
    return [offset, [n, m], [right, down]]


def transpose(a):
    return a.T
