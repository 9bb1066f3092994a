# points: visible 1, history 1, swapped 1
# says: expected dtype float64, got int64
# why: copies, and keeps the dtype of integers

import numpy as np


def scaled(values):
    x = np.array(values)
    x = x - x.min()
    return x / x.max() if x.dtype.kind == "f" else x // x.max()


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
