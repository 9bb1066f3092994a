# points: all
# why: a fresh chunk each time

import numpy as np


def random_sum(seed, n):
    generator, total = np.random.default_rng(seed), 0.0
    while n > 0:
        total += generator.random(min(n, 100_000)).sum()
        n -= 100_000
    return total
