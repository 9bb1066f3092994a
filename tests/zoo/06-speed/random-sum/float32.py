# points: random 0
# says: This is the sum of the float32 numbers of the generator, which are others
# why: half the memory, and other numbers

import numpy as np


def random_sum(seed, n):
    return float(np.random.default_rng(seed).random(n, dtype=np.float32).sum())
