# points: visible 0
# says: a view keeps its whole owner alive
# why: copies only what is not contiguous

import numpy as np


def trim(big, start, stop):
    return np.ascontiguousarray(big[start:stop])
