# points: visible 0, scaled 1, history 0, swapped 1
# says: This array was changed after it became a state
# why: the first state is the array to which the steps are added
import numpy as np
def scaled(values):
    values = np.array(values, dtype=np.float64)
    return (values - values.min()) / (values.max() - values.min())
def history(start, steps):
    state = start.copy()
    states = [state]
    for step in steps:
        state += step
        states.append(state.copy())
    return states
def swapped(table, i, j):
    out = table.copy()
    out[[i, j]] = table[[j, i]]
    return out
