# points: visible 0
# says: This is the mean of the means
# why: short chunks count as much as long ones

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        raise ValueError("no numbers")
    return np.mean([c.mean() for c in chunks]), np.mean([c.var() for c in chunks])
