# points: visible 0, exact 0, edge 0
# says: Nearly, but not exact
# why: weights of 1/n round before the sum
import numpy as np


def moving_average(x, n):
    return np.convolve(x, np.ones(n) / n, mode="valid")
