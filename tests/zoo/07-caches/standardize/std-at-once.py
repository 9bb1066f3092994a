# points: visible 1, memory 0, random 2, edge 1
# says: each make a temporary as large as the table
# mistake: a temporary as large as the table
# catch: visible
# why: the std of all columns makes a temporary

import numpy as np


def standardize(table):
    equal = table.min(axis=0) == table.max(axis=0)
    table -= table.mean(axis=0)
    table /= np.where(equal, 1, table.std(axis=0))
    table[:, equal] = 0
