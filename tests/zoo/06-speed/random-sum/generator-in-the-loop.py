# points: visible 0, random 0, edge 1, memory 0
# says: Your chunks repeat the same numbers
# mistake: a generator for each chunk
# why: every chunk begins at the first number

import numpy as np


def random_sum(seed, n):
    total = 0.0
    for start in range(0, n, 1_000):
        total += np.random.default_rng(seed).random(min(1_000, n - start)).sum()
    return total
