# points: visible 1, random 2, memory 1
# says: expected a ValueError
# why: no error without numbers

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        return 0.0, 0.0
    count, mean, squares = 0, 0.0, 0.0
    for chunk in chunks:
        center = chunk.mean()
        off, between = chunk - center, center - mean
        total = count + chunk.size
        mean += between * chunk.size / total
        squares += off @ off + between**2 * count * chunk.size / total
        count = total
    return mean, squares / count
