# points: visible 0
# says: start and stop count along the first axis
# why: counts elements, not rows

import numpy as np


def trim(big, start, stop):
    return big.ravel()[start:stop].copy()
