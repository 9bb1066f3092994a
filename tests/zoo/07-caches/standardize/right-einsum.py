# points: all
# why: all columns at once, squares by einsum

import numpy as np


def standardize(table):
    table -= table.mean(axis=0)
    spread = np.sqrt(np.einsum("ij,ij->j", table, table) / len(table))
    table /= np.where(spread > 0, spread, 1)
    return table
