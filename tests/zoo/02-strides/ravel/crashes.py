# points: visible 0, walk 0, edge 0
# says: Python crashed (segmentation fault)
# why: reads where it may not
def ravel(row, col, n_rows, n_cols):
    import ctypes
    return ctypes.string_at(8)
