# points: visible 0, ranges 0, edge 1
# says: The largest uint8 is 255, so 256 does not fit
# why: takes 256 for the largest of 8 bits
def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        if 0 <= low and high <= 2**bits - (bits == 64):
            return f"uint{bits}"
        if -(2 ** (bits - 1)) <= low and high < 2 ** (bits - 1):
            return f"int{bits}"
    raise ValueError("too large")
