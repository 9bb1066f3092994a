# points: visible 1, decisions 1
# says: no byte belongs to both
# why: bounds that overlap fool it: interleaved columns

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    return np.may_share_memory(a, b)
