# points: visible 1, random 2, memory 1
# says: The mean of an empty array is NaN
# why: NaN from an empty chunk

import numpy as np


def mean_and_variance(chunks):
    count, mean, squares = 0, 0.0, 0.0
    if not sum(chunk.size for chunk in chunks):
        raise ValueError("no numbers")
    for chunk in chunks:
        center = chunk.mean()
        off, between = chunk - center, center - mean
        total = count + chunk.size
        mean += between * chunk.size / total
        squares += off @ off + between**2 * count * chunk.size / total
        count = total
    return mean, squares / count
