# points: visible 1, memory 1, random 2, edge 0
# says: The table did not change
# why: a reshape that copies, where the layout does not fit

import numpy as np


def standardize(table):
    flat = table.reshape(-1)
    columns = table.shape[1]
    for j in range(columns):
        column = flat[j::columns]
        if column.min() == column.max():
            column[:] = 0
        else:
            column -= column.mean()
            column /= column.std()
