# points: random 0
# says: You summed fewer than n numbers
# why: only whole chunks

import numpy as np


def random_sum(seed, n):
    generator, total = np.random.default_rng(seed), 0.0
    for _ in range(n // 50_000):
        total += generator.random(50_000).sum()
    return total
