# points: random 0
# says: This is not the sum of the first numbers of np.random.default_rng(7).random()
# why: np.random.seed is another generator

import numpy as np


def random_sum(seed, n):
    np.random.seed(seed % 2**32)
    return np.random.rand(n).sum()
