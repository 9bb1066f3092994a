# points: visible 0, exact 0, edge 1
# says: Here the whole numbers became float64, which does not hold all of them above 2⁵³
# mistake: adds integers as float64
# why: divides once, but the convolution adds in float64
import numpy as np


def moving_average(x, n):
    return (
        np.array([np.convolve(x[k : k + n], np.ones(n), "valid")[0] for k in range(len(x) - n + 1)])
        / n
    )
