# points: all
# why: a chunk of exactly 8 MB
import numpy as np


def random_sum(seed, n):
    rng, size, total = np.random.default_rng(seed), 1_000_000, 0.0
    chunk = np.empty(min(n, size))
    for start in range(0, n, size):
        part = chunk[: n - start]
        rng.random(out=part)
        total += float(part.sum())
    return total
