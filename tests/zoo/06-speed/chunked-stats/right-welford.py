# points: all
# why: one number after another, which is slow but allowed
import numpy as np


def mean_and_variance(chunks):
    n, m, s = 0, 0.0, 0.0
    for chunk in chunks:
        for x in chunk:
            n += 1
            d = x - m
            m += d / n
            s += d * (x - m)
    if not n:
        raise ValueError("no numbers")
    return m, s / n
