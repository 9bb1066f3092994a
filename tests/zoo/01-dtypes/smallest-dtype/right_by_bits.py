# points: all
# why: counts the bits that the numbers need
def smallest_dtype(low, high):
    signed = low < 0
    bits = max(high.bit_length(), (~low if signed else low).bit_length()) + signed
    for size in (8, 16, 32, 64):
        if bits <= size:
            return ("int" if signed else "uint") + str(size)
    raise ValueError(f"{bits} bits are too many")
