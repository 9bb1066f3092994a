# points: visible 1, memory 0, random 2, edge 1
# says: each make a temporary as large as the table
# mistake: a temporary as large as the table
# why: in place at the end only

import numpy as np


def standardize(table):
    equal = np.ptp(table, axis=0) == 0
    off = table - table.mean(axis=0)
    spread = np.sqrt((off**2).mean(axis=0))
    table[...] = np.where(equal, 0, off / np.where(equal, 1, spread))
