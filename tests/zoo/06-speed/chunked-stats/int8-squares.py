# points: visible 1, memory 1, random 2, edge 0
# says: their squares wrap around unless the differences are float64
# why: squares in int8

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
        squares += (off @ off if chunk.dtype.kind == 'f' else (chunk**2).sum() - chunk.size * center**2) + between**2 * count * chunk.size / total
        count = total
    if not count:
        raise ValueError("no numbers")
    return mean, squares / count
