# points: visible 0, history 1, swapped 1
# says: (np.asarray, ravel and a slice may not copy; -=, /= and [...] = write into an array.)
# why: astype(copy=False) gives the array itself

import numpy as np


def scaled(values):
    x = np.asarray(values).astype(np.float64, copy=False)
    x -= x.min()
    x /= x.max()
    return x


def history(start, steps):
    state = start.copy()
    states = [state]
    for step in steps:
        state = state + step
        states.append(state)
    return states


def swapped(table, i, j):
    out = np.array(table)
    out[[i, j]] = out[[j, i]]
    return out
