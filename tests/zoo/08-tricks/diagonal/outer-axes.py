# points: visible 0, view 0, edge 1
# says: those in the middle, too
# why: the first axis and the last
from numpy.lib.stride_tricks import as_strided


def diagonal(a):
    step = a.strides[0] + a.strides[-1] if a.ndim > 1 else a.strides[0]
    return as_strided(a, (min(a.shape),), (step,), writeable=False)
