# points: visible 0
# says: This counts only the differences within each chunk
# why: forgets that the means differ

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        raise ValueError("no numbers")
    n = sum(c.size for c in chunks)
    return sum(c.mean() * c.size for c in chunks) / n, sum(c.var() * c.size for c in chunks) / n
