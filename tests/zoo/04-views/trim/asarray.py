# points: visible 0
# says: a view keeps its whole owner alive
# why: asarray copies only if it must

import numpy as np


def trim(big, start, stop):
    return np.asarray(big[start:stop])
