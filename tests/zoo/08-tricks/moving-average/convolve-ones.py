# points: all
# why: divides once, after the convolution
import numpy as np


def moving_average(x, n):
    return (
        np.array([np.convolve(x[k : k + n], np.ones(n), "valid")[0] for k in range(len(x) - n + 1)])
        / n
    )
