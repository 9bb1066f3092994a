# points: visible 0, view 0, edge 0
# says: expected an array
# why: a list has no strides
def diagonal(a):
    return [a[(i,) * a.ndim] for i in range(min(a.shape))]
