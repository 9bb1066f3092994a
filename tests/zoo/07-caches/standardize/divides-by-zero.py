# points: visible 0, random 2, memory 1
# says: do not divide such a column
# why: NaN in columns of equal numbers

import numpy as np


def standardize(table):
    for column in table.T:
        column -= column.mean()
        column /= column.std()
