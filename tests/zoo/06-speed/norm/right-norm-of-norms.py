# points: all
# why: np.linalg.norm over chunks, and of their norms

import numpy as np


def norm(a):
    norms = [np.linalg.norm(a[start : start + 8_192].astype(np.result_type(a, np.float64))) for start in range(0, a.size, 8_192)]
    return float(np.linalg.norm(norms))
