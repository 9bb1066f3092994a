# points: all
# why: real and imaginary parts by themselves

import numpy as np


def norm(a):
    total = 0.0
    for start in range(0, a.size, 10_000):
        part = a[start : start + 10_000]
        for x in (part.real.astype(np.float64), part.imag.astype(np.float64)):
            total += np.square(x).sum()
    return np.sqrt(total)
