# points: visible 0, random 2, edge 0
# says: The elements of z2 are between those of z1
# catch: visible
# why: looks only whether the two share memory's range, not whether the slice reads z2
def find_slice(z1, z2):
    stride = z1.strides[0]
    start = (address(z2) - address(z1)) // stride
    step = z2.strides[0] // stride if z2.size > 1 else 1
    if not 0 <= start < z1.size:
        raise ValueError("z2 is not a slice of z1")
    stop = start + step * z2.size
    return start, None if stop < 0 else stop, step
