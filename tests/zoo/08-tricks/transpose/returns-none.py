# points: visible 0, layout 0, view 0, edge 0
# says: returned None
# why: ends without return
def transpose_layout(offset, shape, strides):
    offset, shape[::-1], strides[::-1]


def transpose(a):
    a.T
