# points: visible 0, random 0, edge 1, memory 0
# says: Your chunks repeat the same numbers
# mistake: a generator for each chunk
# catch: visible
# why: with chunks of 100,000, the sum is near that of the float32 numbers
import numpy as np


def random_sum(seed, n):
    total = 0.0
    for start in range(0, n, 100_000):
        total += np.random.default_rng(seed).random(min(100_000, n - start)).sum()
    return total
