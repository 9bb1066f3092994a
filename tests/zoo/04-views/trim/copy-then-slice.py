# points: visible 1, owner 0, random 2, edge 1
# says: it is a view of a larger array
# catch: visible
# why: a view of a copy of everything

import numpy as np


def trim(big, start, stop):
    return big.copy()[start:stop]
