# points: visible 1, random 2, edge 1, memory 0
# says: Merge three numbers for each chunk, and do not keep the chunk
# mistake: keeps all chunks
# catch: visible
# why: two passes over the list

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        raise ValueError("no numbers")
    n = sum(len(c) for c in chunks)
    mean = sum(c.sum(dtype=np.float64) for c in chunks) / n
    return mean, sum(np.square(c - mean).sum() for c in chunks) / n
