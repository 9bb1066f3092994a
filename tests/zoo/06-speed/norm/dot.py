# points: visible 0
# says: The squares wrapped
# mistake: squares in the dtype of a
# why: dot wraps too

import numpy as np


def norm(a):
    return np.sqrt(abs(a @ a))
