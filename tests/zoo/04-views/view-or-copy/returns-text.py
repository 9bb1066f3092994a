# points: visible 0, decisions 1
# says: expected True or False
# why: says it in words

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    return "view" if np.shares_memory(a, b) else "copy"
