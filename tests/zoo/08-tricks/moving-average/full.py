# points: visible 0, exact 0, edge 0
# says: that is mode='full'
# why: the default of np.convolve
import numpy as np


def moving_average(x, n):
    return np.convolve(x, np.ones(n)) / n
