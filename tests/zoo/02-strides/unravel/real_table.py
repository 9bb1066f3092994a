# points: visible 0, walk 0, edge 1
# says: was stopped
# why: looks for the position in a real table
import numpy as np


def unravel(position, *shape):
    if np.prod(shape) > 10**8:
        while True:
            pass
    table = np.arange(np.prod(shape)).reshape(shape)
    return tuple(np.argwhere(table == position)[0])
