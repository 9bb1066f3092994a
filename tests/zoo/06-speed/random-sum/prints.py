# points: random 0
# says: returned None
# why: prints

import numpy as np


def random_sum(seed, n):
    print(np.random.default_rng(seed).random(n).sum())
