# points: visible 0, scaled 1, swapped 1
# says: one array with several names
# mistake: appends the same array again
# why: every state is the last one

import numpy as np


def scaled(values):
    x = np.array(values, dtype=np.float64)
    x -= x.min()
    x /= x.max()
    return x


def history(start, steps):
    state = start.copy()
    states = [state]
    for step in steps:
        state += step
        states.append(state)
    return states


def swapped(table, i, j):
    out = np.array(table)
    out[[i, j]] = out[[j, i]]
    return out
