# points: visible 0, exact 2, edge 0
# says: A number before this window, 1e+16, affects it, as it does with cumulative sums: add up each window by itself
# catch: visible
# why: NaN and large numbers stay in the sum
import numpy as np


def moving_average(x, n):
    total = np.concatenate([[0], np.cumsum(x)])
    return (total[n:] - total[:-n]) / n
