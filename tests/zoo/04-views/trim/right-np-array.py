# points: all
# why: np.array copies

import numpy as np


def trim(big, start, stop):
    return np.array(big[start:stop])
