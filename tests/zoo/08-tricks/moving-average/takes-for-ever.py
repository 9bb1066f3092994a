# points: visible 0, exact 0, edge 0
# says: took longer than 5 s
# why: a loop that never moves
def moving_average(x, n):
    means, k = [], 0
    while k < len(x) - n + 1:
        means.append(sum(x[k : k + n]) / n)
    return means
