# points: visible 1, decisions 0, pairs 2, edge 1
# says: It does not share memory with z
# why: z[[1]] taken for z[1]

import numpy as np


def views():
    return {1, 2, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    return np.shares_memory(a, b)
