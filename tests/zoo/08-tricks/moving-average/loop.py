# points: all
# why: Python's exact sums
import numpy as np


def moving_average(x, n):
    return np.array([sum(x[k : k + n].tolist()) / n for k in range(len(x) - n + 1)])
