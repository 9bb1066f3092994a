# points: visible 0, views 0, edge 0
# says: A negative index counts from the end
# mistake: a negative index is used as it is
# why: tables only, without a check
def locate(facts, index):
    offset, (n_rows, n_cols), (down, right) = facts
    row, col = index
    return offset + row * down + col * right
