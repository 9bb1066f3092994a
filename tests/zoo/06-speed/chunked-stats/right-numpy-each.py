# points: all
# why: var of each chunk, merged at the end

import numpy as np


def mean_and_variance(chunks):
    facts = [(c.size, c.mean(), c.var()) for c in chunks if c.size]
    if not facts:
        raise ValueError("no numbers")
    n, means, inner = np.array(facts).T
    mean = np.average(means - means[0], weights=n) + means[0]
    return [mean, np.average(inner, weights=n) + np.average((means - mean) ** 2, weights=n)]
