# points: random 0
# says: These are other numbers than those
# why: np.random.seed is another generator

import numpy as np


def random_sum(seed, n):
    np.random.seed(seed % 2**32)
    return np.random.rand(n).sum()
