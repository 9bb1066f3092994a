# points: visible 0, decisions 1
# says: returned None: end the function with `return`
# why: prints instead of returning

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    print(np.shares_memory(a, b))
