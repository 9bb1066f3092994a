# points: random 0
# says: This is the sum of the first 0 numbers, but n is 2
# why: only whole chunks

import numpy as np


def random_sum(seed, n):
    generator, total = np.random.default_rng(seed), 0.0
    for _ in range(n // 50_000):
        total += generator.random(50_000).sum()
    return total
