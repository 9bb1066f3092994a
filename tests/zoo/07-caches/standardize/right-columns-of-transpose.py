# points: all
# why: a column at a time, with two columns in memory at once
import numpy as np


def standardize(table):
    for c in table.T:
        if c.min() == c.max():
            c[:] = 0
        else:
            c[:] = (c - c.mean()) / c.std()
