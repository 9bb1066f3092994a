# points: random 0
# says: This is nearly right, but not to nine digits
# why: sums in float32

import numpy as np


def random_sum(seed, n):
    generator, total = np.random.default_rng(seed), np.float32(0)
    for start in range(0, n, 50_000):
        total += generator.random(min(50_000, n - start)).astype(np.float32).sum()
    return total
