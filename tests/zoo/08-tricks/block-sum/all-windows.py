# points: visible 0, blocks 0, edge 0
# says: These are all windows, but blocks do not overlap
# why: windows, not blocks
from numpy.lib.stride_tricks import sliding_window_view


def block_sum(a, rows, columns):
    return sliding_window_view(a, (rows, columns)).sum(axis=(2, 3))
