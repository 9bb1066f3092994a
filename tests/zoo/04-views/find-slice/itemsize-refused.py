# points: visible 0, random 0, edge 0
# says: The slice z1[1:3] is one, so (1, 3, 1) is right.
# why: divides by the item size, and then refuses what does not fit
def find_slice(z1, z2):
    start = (address(z2) - address(z1)) // z1.itemsize
    step = z2.strides[0] // z1.itemsize if z2.size > 1 else 1
    stop = start + step * z2.size
    found = start, None if stop < 0 else stop, step
    if step == 0 or not reads_the_same(z1[slice(*found)], z2):
        raise ValueError("no slice")
    return found
