# points: all
# why: NumPy's own function, as an int
def ravel(row, col, n_rows, n_cols):
    return int(np.ravel_multi_index((row, col), (n_rows, n_cols)))
