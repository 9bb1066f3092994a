# points: visible 1, ranges 2, edge 0
# says: raised ValueError
# why: a float cannot tell 2**63 - 1 from 2**63
def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        if low >= 0 and float(high) < 2.0**bits:
            return f"uint{bits}"
        if float(low) >= -(2.0 ** (bits - 1)) and float(high) < 2.0 ** (bits - 1):
            return f"int{bits}"
    raise ValueError("too large")
