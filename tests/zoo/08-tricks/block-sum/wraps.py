# points: visible 0, blocks 0, edge 1
# says: The sum does not fit
# why: keeps the dtype of a
def block_sum(a, rows, columns):
    m, n = a.shape
    if m % rows or n % columns:
        raise ValueError("not even")
    return a.reshape(m // rows, rows, n // columns, columns).sum(axis=(1, 3), dtype=a.dtype)
