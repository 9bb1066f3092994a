# points: random 0
# says: These are other numbers than those
# why: half the memory, and other numbers

import numpy as np


def random_sum(seed, n):
    return float(np.random.default_rng(seed).random(n, dtype=np.float32).sum())
