# points: random 0
# says: This is the sum of the first 50,000 numbers, but n is 2
# why: the last chunk is as long as the others

import numpy as np


def random_sum(seed, n):
    generator, total = np.random.default_rng(seed), 0.0
    for start in range(0, n, 50_000):
        total += generator.random(50_000).sum()
    return total
