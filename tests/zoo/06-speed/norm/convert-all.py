# points: visible 1, dtypes 2, edge 1
# says: Convert and sum one chunk at a time
# mistake: converts the whole array at once
# catch: visible
# why: converts everything, then squares everything

import numpy as np


def norm(a):
    return np.sqrt(np.sum(np.abs(a.astype(np.result_type(a, np.float64))) ** 2))
