# points: visible 0, exact 0, edge 1
# says: Here the whole numbers became float64, which does not hold all of them above 2⁵³
# mistake: adds integers as float64
# catch: visible
# why: the mean of each window adds in float64
from numpy.lib.stride_tricks import sliding_window_view


def moving_average(x, n):
    return sliding_window_view(x, n).mean(axis=1, dtype="float64")
