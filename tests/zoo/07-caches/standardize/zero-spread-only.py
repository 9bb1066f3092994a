# points: visible 0, memory 1, random 2, edge 0
# says: A column of equal numbers has to become zeros, even if its mean is rounded
# catch: visible
# why: the mean of three 0.1 is not 0.1, so the spread is not 0

import numpy as np


def standardize(table):
    table -= table.mean(axis=0)
    spread = np.sqrt(np.einsum("ij,ij->j", table, table) / len(table))
    table /= np.where(spread > 0, spread, 1)
