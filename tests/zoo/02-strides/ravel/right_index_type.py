# points: all
# why: a NumPy integer is a whole number too
def ravel(row, col, n_rows, n_cols):
    return np.int64(row) * n_cols + col
