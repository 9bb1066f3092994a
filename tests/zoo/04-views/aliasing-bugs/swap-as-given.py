# points: visible 0, scaled 1, history 1
# says: One row is lost: out[i] and out[j] are views, so after the first assignment both hold the same numbers
# mistake: swaps views
# why: the second row overwritten with itself

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
    out = np.array(table)
    out[i], out[j] = out[j], out[i]
    return out
