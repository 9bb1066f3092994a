# points: visible 1, blocks 2, edge 0
# says: The table has no columns, but still 6 rows
# why: leaves it to reshape to refuse, which says nothing of a table without elements


def block_sum(a, rows, columns):
    m, n = a.shape
    return a.reshape(m // rows, rows, n // columns, columns).sum(axis=(1, 3))
