# points: visible 1, exact 2, edge 0
# says: That is the way of a cumulative sum
# why: NaN and large numbers stay in the sum
import numpy as np


def moving_average(x, n):
    total = np.concatenate([[0], np.cumsum(x)])
    return (total[n:] - total[:-n]) / n
