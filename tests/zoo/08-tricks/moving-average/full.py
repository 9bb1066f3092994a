# points: visible 0, exact 0, edge 0
# says: Here windows extend beyond both ends, as with mode='full'
# why: the default of np.convolve
import numpy as np


def moving_average(x, n):
    return np.convolve(x, np.ones(n)) / n
