# points: visible 0, history 1, swapped 1
# says: changed its argument
# why: ravel is no copy where it need not be

import numpy as np


def scaled(values):
    x = np.asarray(values, dtype=np.float64).ravel().reshape(np.shape(values))
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
