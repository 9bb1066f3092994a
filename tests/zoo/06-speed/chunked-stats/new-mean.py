# points: visible 0, random 0, edge 0, memory 0
# says: Compare n, m and s with those of the example after each chunk
# why: d taken after the merge

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
        squares += off @ off + (center - mean) ** 2 * count * chunk.size / total
        count = total
    return mean, squares / count
