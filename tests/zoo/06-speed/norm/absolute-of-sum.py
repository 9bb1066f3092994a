# points: visible 0, dtypes 0, memory 1, edge 1
# says: This adds up z², but |z|² is z times its conjugate
# catch: visible
# why: |z² + w²| for |z|² + |w|²
import numpy as np


def norm(a):
    total = 0
    for start in range(0, a.size, 10_000):
        part = a[start : start + 10_000].astype(np.result_type(a, np.float64))
        total += part @ part
    return float(np.sqrt(abs(total)))
