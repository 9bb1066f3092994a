# points: visible 0
# says: These are rows with mean 0
# why: along the wrong axis

import numpy as np


def standardize(table):
    for row in table:
        row -= row.mean()
        row /= row.std() or 1
