# points: all
# why: column by column, with std

import numpy as np


def standardize(table):
    for j in range(table.shape[1]):
        column = table[:, j]
        if np.all(column == column[0]):
            column[:] = 0
        else:
            column -= column.mean()
            column /= column.std()
