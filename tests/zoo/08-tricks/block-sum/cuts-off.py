# points: visible 0, blocks 2, edge 0
# says: One row would be left over
# why: drops what does not come out even
def block_sum(a, rows, columns):
    m, n = a.shape[0] // rows, a.shape[1] // columns
    return a[: m * rows, : n * columns].reshape(m, rows, n, columns).sum(axis=(1, 3))
