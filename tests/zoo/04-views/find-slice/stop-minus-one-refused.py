# points: visible 0, random 0, edge 1
# says: so (7, None, -1) is right. (A negative stop counts from the end.)
# mistake: a negative stop
# why: the stop is -1, and the check of the result then refuses a slice
def find_slice(z1, z2):
    stride = z1.strides[0]
    start = (address(z2) - address(z1)) // stride
    step = z2.strides[0] // stride if z2.size > 1 else 1
    found = start, start + step * z2.size, step
    if step == 0 or not reads_the_same(z1[slice(*found)], z2):
        raise ValueError("z2 is not a slice of z1")
    return found
