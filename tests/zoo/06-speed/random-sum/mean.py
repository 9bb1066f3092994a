# points: random 0
# says: This is the mean
# why: the mean

import numpy as np


def random_sum(seed, n):
    generator = np.random.default_rng(seed)
    return sum(generator.random(min(50_000, n - start)).sum() for start in range(0, n, 50_000)) / max(n, 1)
