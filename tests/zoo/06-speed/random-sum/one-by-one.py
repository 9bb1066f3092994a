# points: visible 1, random 2, edge 1, memory 0
# says: Avoid a loop over elements: let NumPy make and sum many thousands of numbers in one call
# mistake: loops over elements
# why: right, and asks the generator for one number at a time

import numpy as np


def random_sum(seed, n):
    generator, total = np.random.default_rng(seed), 0.0
    for _ in range(n):
        total += generator.random()
    return total
