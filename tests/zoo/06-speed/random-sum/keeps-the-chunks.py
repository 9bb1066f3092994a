# points: visible 1, random 2, edge 1
# says: keep no chunk once it is summed
# why: chunks, all of them kept

import numpy as np


def random_sum(seed, n):
    generator = np.random.default_rng(seed)
    chunks = [generator.random(min(50_000, n - start)) for start in range(0, n, 50_000)]
    return float(sum(chunk.sum() for chunk in chunks))
