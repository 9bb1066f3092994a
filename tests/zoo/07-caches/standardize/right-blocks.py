# points: all
# why: blocks of rows

import numpy as np


def standardize(table):
    equal = np.ptp(table, axis=0) == 0
    table -= table.mean(axis=0)
    total = sum(np.square(table[k : k + 500]).sum(axis=0) for k in range(0, len(table), 500))
    np.divide(table, np.sqrt(total / len(table)), out=table, where=~equal)
    table[:, equal] = 0
