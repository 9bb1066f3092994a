# points: visible 0
# says: a view keeps its whole owner alive
# why: ravel gives a view where it can

import numpy as np


def trim(big, start, stop):
    return big[start:stop].ravel().reshape(big[start:stop].shape)
