# points: visible 1, decisions 0, pairs 2, edge 1
# says: It does not share memory with z
# why: takes every expression for a view
import numpy as np


def views():
    return set(range(1, 13))


def is_view(a, b):
    return np.shares_memory(a, b)
