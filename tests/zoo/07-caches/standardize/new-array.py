# points: visible 0
# says: The table did not change
# mistake: makes a new array
# why: the name is given to a new array

import numpy as np


def standardize(table):
    table = (table - table.mean(axis=0)) / np.maximum(table.std(axis=0), 1e-300)
    return table
