# points: visible 0
# says: The table did not change.
# mistake: makes a new array
# why: a new array, and nothing returned

import numpy as np


def standardize(table):
    table = table - table.mean(axis=0)
