# points: all
# why: new arrays all the way

import numpy as np


def scaled(values):
    x = np.asarray(values, dtype=np.float64)
    x = x - x.min()
    return x / x.max()


def history(start, steps):
    states = [start.copy()]
    for step in steps:
        states.append(states[-1] + step)
    return states


def swapped(table, i, j):
    order = np.arange(len(table))
    order[i], order[j] = order[j], order[i]
    return table[order]
