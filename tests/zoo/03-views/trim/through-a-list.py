# points: visible 1, owner 1
# says: expected shape (0, 5, 4), got (0,)
# why: loses the dtype, and the shape of what is empty

import numpy as np


def trim(big, start, stop):
    return np.array(big[start:stop].tolist())
