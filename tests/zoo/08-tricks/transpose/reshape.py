# points: visible 0, layout 2, view 0, edge 0
# says: a reshape, not a transpose
# mistake: reshapes
# catch: visible
# why: the shape is right, the order is not
def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides[::-1]


def transpose(a):
    return a.reshape(a.shape[::-1])
