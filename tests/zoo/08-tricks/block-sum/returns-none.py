# points: visible 0, blocks 0, edge 0
# says: returned None
# why: prints the result
def block_sum(a, rows, columns):
    m, n = a.shape
    if m % rows or n % columns:
        raise ValueError("not even")
    print(a.reshape(m // rows, rows, n // columns, columns).sum(axis=(1, 3)))
