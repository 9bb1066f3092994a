# points: visible 0, decisions 1
# says: They share bytes: both are views of one array, and they overlap
# why: the first view has the same base as a, not a itself

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    return b.base is a
