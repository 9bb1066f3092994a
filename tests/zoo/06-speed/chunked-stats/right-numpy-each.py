# points: all
# why: var of each chunk, merged at the end

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        raise ValueError("no numbers")
    n = np.array([c.size for c in chunks])
    means = np.array([c.mean() for c in chunks])
    mean = np.average(means - means[0], weights=n) + means[0]
    inner = np.average([c.var() for c in chunks], weights=n)
    return [mean, inner + np.average((means - mean) ** 2, weights=n)]
