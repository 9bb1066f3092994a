# points: visible 0, decisions 1, pairs 0, edge 0
# says: no byte belongs to both
# catch: visible
# why: bounds that overlap fool it: interleaved columns

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    return np.may_share_memory(a, b)
