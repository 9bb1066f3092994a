# points: visible 1, decisions 0, pairs 2, edge 1
# says: It does not share memory with z
# why: decisions by `.base is not None`

import numpy as np


def views():
    return {1, 3, 5, 6, 7, 8, 9, 11}


def is_view(a, b):
    return np.shares_memory(a, b)
