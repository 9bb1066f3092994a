# points: visible 0, memory 0, random 0, edge 1
# says: Digits are lost when two large, nearly equal numbers are subtracted
# why: two large squares subtracted

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        raise ValueError("no numbers")
    n = sum(c.size for c in chunks)
    mean = sum(c.sum() for c in chunks) / n
    return mean, sum((c.astype(float) ** 2).sum() for c in chunks) / n - mean**2
