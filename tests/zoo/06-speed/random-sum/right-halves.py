# points: all
# why: many small sums, one buffer

import numpy as np


def random_sum(seed, n):
    generator, buffer = np.random.default_rng(seed), np.empty(20_000)
    whole, rest = divmod(n, buffer.size)
    sums = [generator.random(out=buffer).sum() for _ in range(whole)]
    sums.append(generator.random(rest).sum())
    return float(np.sum(sums))
