# points: visible 0, decisions 1
# says: Both are views of one array, but of different bytes of it
# why: z[1] has a base, but shares nothing with z[0]

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    return b.base is not None
