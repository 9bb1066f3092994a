# points: visible 0, random 0, edge 0, memory 0
# says: This divides by one less than the number of numbers; divide by their number
# why: ddof=1

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        raise ValueError("no numbers")
    count, mean, squares = 0, 0.0, 0.0
    for chunk in chunks:
        center = chunk.mean()
        off, between = chunk - center, center - mean
        total = count + chunk.size
        mean += between * chunk.size / total
        squares += off @ off + between**2 * count * chunk.size / total
        count = total
    return mean, squares / max(count - 1, 1)
