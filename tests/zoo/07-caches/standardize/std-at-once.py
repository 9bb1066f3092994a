# points: visible 1, random 2, edge 1
# says: each make a temporary as large as the table
# why: the std of all columns makes a temporary

import numpy as np


def standardize(table):
    table -= table.mean(axis=0)
    spread = table.std(axis=0)
    table /= np.where(spread > 0, spread, 1)
