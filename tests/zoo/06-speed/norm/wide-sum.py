# points: visible 0
# says: The squares wrapped
# mistake: squares in the dtype of a
# why: sums in float64, but squares in int8

import numpy as np


def norm(a):
    return float(np.sqrt((abs(a) ** 2).sum(dtype=np.float64)))
