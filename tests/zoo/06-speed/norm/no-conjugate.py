# points: visible 0
# says: norm([3j, 4j]) with dtype complex128 returned np.complex128(5j), which is complex, but a norm is a real number
# why: z squared instead of |z| squared

import numpy as np


def norm(a):
    x = a.astype(np.result_type(a, np.float64))
    return np.sqrt((x * x).sum())
