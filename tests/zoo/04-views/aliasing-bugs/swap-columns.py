# points: visible 0, scaled 1, history 1
# says: expected [[3, 4], [1, 2]]
# why: columns instead of rows

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
    out = table.copy()
    out[..., [i, j]] = out[..., [j, i]]
    return out
