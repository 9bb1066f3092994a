# points: visible 1
# says: expected dtype float32, got float64
# why: loses the dtype

import numpy as np


def trim(big, start, stop):
    return np.array(big[start:stop].tolist())
