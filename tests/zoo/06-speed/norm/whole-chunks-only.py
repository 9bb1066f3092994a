# points: visible 0
# says: This is the norm of no elements at all
# why: the last chunk is missing

import numpy as np


def norm(a):
    total = 0.0
    for k in range(a.size // 4_096):
        part = a[4_096 * k : 4_096 * (k + 1)].astype(np.result_type(a, np.float64))
        total += np.vdot(part, part).real
    return total**0.5
