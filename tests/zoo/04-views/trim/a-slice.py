# points: visible 0
# says: a view keeps its whole owner alive
# catch: visible
# why: the view itself

import numpy as np


def trim(big, start, stop):
    return big[start:stop]
