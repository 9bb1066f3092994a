# points: visible 0, walk 0, edge 1
# says: was stopped
# why: goes through all indices up to the one
import numpy as np


def unravel(position, *shape):
    for k, index in enumerate(np.ndindex(shape)):
        if k == position:
            return index
    raise ValueError("no such position")
