# points: visible 1, memory 1, random 2, edge 0
# says: so skip empty chunks
# why: NaN from an empty chunk

import numpy as np


def mean_and_variance(chunks):
    count, mean, squares = 0, 0.0, 0.0
    for chunk in chunks:
        center = chunk.mean()
        off, between = chunk - center, center - mean
        total = count + chunk.size
        mean += between * chunk.size / total
        squares += off @ off + between**2 * count * chunk.size / total
        count = total
    if not count:
        raise ValueError("no numbers")
    return mean, squares / count
