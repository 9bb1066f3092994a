# points: visible 0
# says: not its square
# why: adds up |a[i]|

import numpy as np


def norm(a):
    return float(np.abs(a.astype(np.result_type(a, np.float64))).sum())
