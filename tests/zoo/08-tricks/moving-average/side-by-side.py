# points: visible 0, exact 0, edge 0
# says: These windows are side by side, but each window should start one number after the one before it
# why: blocks, not windows
import numpy as np


def moving_average(x, n):
    return x[: len(x) // n * n].reshape(-1, n).mean(axis=1)
