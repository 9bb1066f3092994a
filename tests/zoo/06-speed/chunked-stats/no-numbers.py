# points: visible 1, memory 1, random 2, edge 0
# says: expected a ValueError
# why: no error without numbers

import numpy as np


def mean_and_variance(chunks):
    count, mean, squares = 0, 0.0, 0.0
    for chunk in chunks:
        if not chunk.size:
            continue
        center = chunk.mean()
        off, between = chunk - center, center - mean
        total = count + chunk.size
        mean += between * chunk.size / total
        squares += off @ off + between**2 * count * chunk.size / total
        count = total
    return mean, squares / max(count, 1)
