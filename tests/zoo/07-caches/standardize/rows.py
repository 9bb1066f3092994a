# points: visible 0
# says: The mean of a column goes along axis 0
# why: along the wrong axis

import numpy as np


def standardize(table):
    for row in table:
        row -= row.mean()
        row /= row.std() or 1
