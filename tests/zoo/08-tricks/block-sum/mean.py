# points: visible 0, blocks 0, edge 0
# says: This is the mean of the block
# why: pooling by the mean
def block_sum(a, rows, columns):
    m, n = a.shape
    if m % rows or n % columns:
        raise ValueError("not even")
    return a.reshape(m // rows, rows, n // columns, columns).mean(axis=(1, 3))
