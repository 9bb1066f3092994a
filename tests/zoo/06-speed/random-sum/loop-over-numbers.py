# points: visible 1, random 2, edge 1
# says: Avoid a loop over elements: let NumPy make and sum many thousands of numbers in one call
# mistake: loops over elements
# why: chunks, and then a loop over their numbers

import numpy as np


def random_sum(seed, n):
    generator, total = np.random.default_rng(seed), 0.0
    for start in range(0, n, 50_000):
        for number in generator.random(min(50_000, n - start)).tolist():
            total += number
    return total
