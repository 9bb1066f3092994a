# points: visible 0, exact 0, edge 0
# says: These windows lie side by side
# why: blocks, not windows
import numpy as np


def moving_average(x, n):
    return x[: len(x) // n * n].reshape(-1, n).mean(axis=1)
