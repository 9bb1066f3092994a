# points: all
# why: the formulas of the table as they are, over a generator

import numpy as np


def facts(chunk):
    center = float(np.mean(chunk))
    off = np.subtract(chunk, center)
    return len(chunk), center, float(off @ off)


def mean_and_variance(chunks):
    n, m, s = 0, 0.0, 0.0
    for k, c, t in (facts(chunk) for chunk in chunks if len(chunk)):
        d = c - m
        n, m, s = n + k, m + d * k / (n + k), s + t + d * d * n * k / (n + k)
    if n == 0:
        raise ValueError("there are no numbers")
    return m, s / n
