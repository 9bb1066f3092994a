# points: visible 0, blocks 0, edge 0
# says: a block has `rows` rows
# why: rows and columns have changed places
def block_sum(a, rows, columns):
    m, n = a.shape
    rows, columns = columns, rows
    return (
        a[: m // rows * rows, : n // columns * columns]
        .reshape(m // rows, rows, n // columns, columns)
        .sum(axis=(1, 3))
    )
