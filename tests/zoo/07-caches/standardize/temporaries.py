# points: visible 1, random 2, edge 1
# says: each make a temporary as large as the table
# why: in place at the end only

import numpy as np


def standardize(table):
    spread = table.std(axis=0)
    table[...] = (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1)
