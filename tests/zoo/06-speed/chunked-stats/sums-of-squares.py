# points: visible 0, memory 1, random 0, edge 1
# says: Digits are lost when two large, nearly equal numbers are subtracted
# why: two large squares subtracted

import numpy as np


def mean_and_variance(chunks):
    n, total, squares = 0, 0.0, 0.0
    for chunk in chunks:
        n += chunk.size
        total += chunk.sum()
        squares += (chunk.astype(float) ** 2).sum()
    if n == 0:
        raise ValueError("no numbers")
    return total / n, squares / n - (total / n) ** 2
