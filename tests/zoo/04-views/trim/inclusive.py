# points: visible 0
# says: expected shape (2,), got (3,)
# why: stop counted in

import numpy as np


def trim(big, start, stop):
    return big[start : stop + 1].copy()
