# points: visible 0
# says: its square root is missing
# why: forgets the root

import numpy as np


def norm(a):
    total = 0.0
    for start in range(0, a.size, 8_192):
        part = a[start : start + 8_192].astype(np.result_type(a, np.float64))
        total += np.vdot(part, part).real
    return total
