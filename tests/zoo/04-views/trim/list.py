# points: visible 0
# says: expected an array
# why: returns a list

import numpy as np


def trim(big, start, stop):
    return big[start:stop].tolist()
