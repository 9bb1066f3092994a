# points: visible 0, numpy 0, edge 0
# says: expected 'fits', 'wraps' or 'raises'
# why: True in place of a text
import numpy as np


def fate(values, dtype, how, n):
    return all(np.iinfo(dtype).min <= value <= np.iinfo(dtype).max for value in values)
