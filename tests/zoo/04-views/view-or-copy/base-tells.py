# points: visible 1, decisions 0, pairs 2, edge 1
# says: You took z[:, [0, 2]] for a view. It is a copy.
# why: decisions by `.base is not None`

import numpy as np


def views():
    return {1, 3, 5, 6, 7, 8, 9, 11}


def is_view(a, b):
    return np.shares_memory(a, b)
