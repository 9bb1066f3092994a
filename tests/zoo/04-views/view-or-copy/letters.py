# points: visible 1, decisions 0, pairs 2, edge 1
# says: expected a whole number
# why: names the expressions instead of numbering them

import numpy as np


def views():
    return {"z[1]", "z[1:2]"}


def is_view(a, b):
    return np.shares_memory(a, b)
