# points: visible 0, scaled 1, history 1
# says: changed its argument
# why: swaps in the caller's table

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
        state = state + step
        states.append(state)
    return states


def swapped(table, i, j):
    out = table
    out[[i, j]] = out[[j, i]]
    return out
