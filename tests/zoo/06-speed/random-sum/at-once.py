# points: visible 1, random 2, edge 1
# says: Make the numbers in chunks
# catch: visible
# why: all numbers at once: 8 bytes each

import numpy as np


def random_sum(seed, n):
    return float(np.random.default_rng(seed).random(n).sum())
