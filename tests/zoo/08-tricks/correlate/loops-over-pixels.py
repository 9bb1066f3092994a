# points: all
# why: slow and right
import numpy as np


def correlate(x, f):
    (m, n), (k, l) = x.shape, f.shape
    return np.array(
        [
            [
                sum(x[i + p, j + q].item() * f[p, q].item() for p in range(k) for q in range(l))
                for j in range(n - l + 1)
            ]
            for i in range(m - k + 1)
        ]
    )


def convolve(x, f):
    return correlate(x, f[::-1, ::-1])
