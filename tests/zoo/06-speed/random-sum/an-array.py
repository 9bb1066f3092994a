# points: random 0
# says: expected one number
# why: returns the numbers

import numpy as np


def random_sum(seed, n):
    return np.random.default_rng(seed).random(n)
