# points: visible 0
# says: The squares wrapped
# mistake: squares in the dtype of a
# why: squares wrap in small integers

import numpy as np


def norm(a):
    return np.sqrt(np.sum(a**2))
