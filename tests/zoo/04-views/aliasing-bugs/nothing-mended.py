# points: visible 0, scaled 0, history 0, swapped 0
# says: (np.asarray, ravel and a slice may not copy; -=, /= and [...] = write into an array.)
# catch: visible
# why: the three as given

import numpy as np


def scaled(values):
    x = np.asarray(values, dtype=np.float64)
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
    out[i], out[j] = out[j], out[i]
    return out
