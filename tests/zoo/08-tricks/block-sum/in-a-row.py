# points: visible 0, blocks 0, edge 0
# says: This adds up 6 elements that follow one another in memory, but those of a block come from 2 rows
# catch: visible
# why: one reshape too few
def block_sum(a, rows, columns):
    m, n = a.shape
    if m % rows or n % columns:
        raise ValueError("not even")
    return a.reshape(m // rows, n // columns, rows * columns).sum(axis=2)
