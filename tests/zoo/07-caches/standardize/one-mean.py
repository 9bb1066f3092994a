# points: visible 0
# says: one mean for the whole table
# why: one mean for the whole table

import numpy as np


def standardize(table):
    table -= table.mean()
    table /= table.std() or 1
