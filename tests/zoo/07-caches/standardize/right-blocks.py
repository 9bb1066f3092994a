# points: all
# why: blocks of rows

import numpy as np


def standardize(table):
    table -= table.mean(axis=0)
    total = sum(np.square(table[k : k + 500]).sum(axis=0) for k in range(0, len(table), 500))
    spread = np.sqrt(total / len(table))
    np.divide(table, spread, out=table, where=spread > 0)
