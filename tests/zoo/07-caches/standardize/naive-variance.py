# points: visible 1, memory 1, random 2, edge 0
# says: has mean
# why: mean of squares minus square of mean: digits are lost far from 0

import numpy as np


def standardize(table):
    equal = table.min(axis=0) == table.max(axis=0)
    mean = table.mean(axis=0)
    spread = np.sqrt(np.maximum(np.einsum("ij,ij->j", table, table) / len(table) - mean**2, 0))
    table -= mean
    table /= np.where(equal | (spread == 0), 1, spread)
    table[:, equal] = 0
