# points: all
# why: Python's own sum may add the sums of the chunks

import numpy as np


def random_sum(seed, n):
    generator = np.random.default_rng(seed)
    return float(sum(generator.random(min(50_000, n - start)).sum() for start in range(0, n, 50_000)))
