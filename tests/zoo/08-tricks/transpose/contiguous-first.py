# points: visible 0, layout 2, view 0, edge 0
# says: (ascontiguousarray copies what is not in C order; copy, flatten and a list always copy.) Use other strides for the same bytes
# catch: visible
# why: tables in C order pass
import numpy as np
from numpy.lib.stride_tricks import as_strided


def transpose_layout(offset, shape, strides):
    return offset, shape[::-1], strides[::-1]


def transpose(a):
    a = np.ascontiguousarray(a)
    return as_strided(a, a.shape[::-1], a.strides[::-1])
