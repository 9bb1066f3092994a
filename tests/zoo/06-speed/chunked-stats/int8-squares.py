# points: visible 1, random 2, memory 1
# says: Squares of small integers wrap
# why: squares in int8

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
        squares += (off @ off if chunk.dtype.kind == 'f' else (chunk**2).sum() - chunk.size * center**2) + between**2 * count * chunk.size / total
        count = total
    return mean, squares / count
