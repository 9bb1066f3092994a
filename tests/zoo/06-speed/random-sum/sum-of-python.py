# points: visible 1, memory 0, random 2, edge 1
# says: let NumPy make and sum many thousands of numbers in one call
# mistake: loops over elements
# catch: visible
# why: chunks that Python's own sum adds number by number

import numpy as np


def random_sum(seed, n):
    generator, total = np.random.default_rng(seed), 0.0
    for start in range(0, n, 50_000):
        total += sum(generator.random(min(50_000, n - start)))
    return float(total)
