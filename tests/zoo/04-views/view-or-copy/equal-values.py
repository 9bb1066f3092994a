# points: visible 0, decisions 1
# says: They share no bytes
# catch: visible
# why: compares what is in the arrays

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    return np.isin(b, a).all()
