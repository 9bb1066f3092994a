# points: visible 0, blocks 0, edge 0
# says: that follow each other in a row
# why: one reshape too few
def block_sum(a, rows, columns):
    m, n = a.shape
    if m % rows or n % columns:
        raise ValueError("not even")
    return a.reshape(m // rows, n // columns, rows * columns).sum(axis=2)
