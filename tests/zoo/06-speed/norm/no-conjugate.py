# points: visible 0
# says: z times its conjugate
# why: z squared instead of |z| squared

import numpy as np


def norm(a):
    x = a.astype(np.result_type(a, np.float64))
    return np.sqrt((x * x).sum())
