# points: all
# why: as given, with a copy where the alias was

import numpy as np


def scaled(values):
    x = np.asarray(values, dtype=np.float64).copy()
    x -= x.min()
    x /= x.max()
    return x


def history(start, steps):
    state = start.copy()
    states = [state.copy()]
    for step in steps:
        state += step
        states.append(state.copy())
    return states


def swapped(table, i, j):
    out = np.array(table)
    out[i], out[j] = out[j].copy(), out[i].copy()
    return out
