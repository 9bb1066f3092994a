# points: visible 0, decisions 1
# says: changed its argument
# why: works until it leaves its mark in the data

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    before = a.copy()
    b[...] = b + 1
    return not np.array_equal(a, before)
