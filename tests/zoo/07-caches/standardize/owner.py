# points: visible 1, random 2, edge 0, memory 1
# says: expected the table to hold
# why: writes into the owner of the bytes

import numpy as np


def standardize(table):
    while table.base is not None:
        table = table.base
    for column in table.T:
        equal = column.min() == column.max()
        column -= column[0] if equal else column.mean()
        column /= column.std() or 1
