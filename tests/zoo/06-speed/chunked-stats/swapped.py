# points: visible 0, memory 0, random 0, edge 0
# says: This is the variance: the mean comes first
# why: (variance, mean)
import numpy as np


def mean_and_variance(chunks):
    n, m, s = 0, 0.0, 0.0
    for chunk in chunks:
        k = chunk.size
        if k:
            c = chunk.mean()
            t = ((chunk - c) ** 2).sum()
            d = c - m
            m += d * k / (n + k)
            s += t + d * d * n * k / (n + k)
            n += k
    if not n:
        raise ValueError("no numbers")
    return s / n, m
