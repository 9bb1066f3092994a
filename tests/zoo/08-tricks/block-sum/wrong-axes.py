# points: visible 0, blocks 0, edge 0
# says: Add up the two axes inside a block
# why: sums over the blocks
def block_sum(a, rows, columns):
    m, n = a.shape
    if m % rows or n % columns:
        raise ValueError("not even")
    return a.reshape(m // rows, rows, n // columns, columns).sum(axis=(0, 2))
