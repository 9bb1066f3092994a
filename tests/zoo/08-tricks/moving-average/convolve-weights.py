# points: visible 0, exact 0, edge 0
# says: This is nearly right, but not exact: add the whole numbers first, and divide the sum by n once
# why: weights of 1/n round before the sum
import numpy as np


def moving_average(x, n):
    return np.convolve(x, np.ones(n) / n, mode="valid")
