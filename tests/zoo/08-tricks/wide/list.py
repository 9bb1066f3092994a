# points: visible 0, view 0, edge 0
# says: expected an array
# why: eats no memory with small examples
def wide(column, n_columns):
    return [[one] * min(n_columns, 1000) for one in column]
