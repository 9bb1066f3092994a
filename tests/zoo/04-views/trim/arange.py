# points: visible 1, owner 1
# says: expected shape (0, 5, 4), got (6, 5, 4)
# why: numbers the rows, and fails where a slice does not

import numpy as np


def trim(big, start, stop):
    return big[np.arange(start, stop)]
