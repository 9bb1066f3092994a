# points: all
# why: advanced indexing copies

import numpy as np


def trim(big, start, stop):
    return big[list(range(len(big))[start:stop])]
