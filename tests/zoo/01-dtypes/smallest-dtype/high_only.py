# points: visible 0, ranges 0, edge 0
# says: uint8 starts at 0: low does not fit, and both ends have to
# why: low is never looked at
def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        if high < 2**bits:
            return f"uint{bits}"
    raise ValueError("too large")
