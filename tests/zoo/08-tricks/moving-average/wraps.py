# points: visible 0, exact 0, edge 0
# says: The sum does not fit uint8 and wrapped around: add in a wider dtype
# why: adds slices in the dtype of x
def moving_average(x, n):
    total = x[: len(x) - n + 1].copy()
    for k in range(1, n):
        total += x[k : len(x) - n + 1 + k]
    return total / n
