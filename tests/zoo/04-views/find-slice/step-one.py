# points: visible 0
# says: Find start and step in the address and the strides
# why: forgets the step

import numpy as np


def find_slice(z1, z2):
    start = (address(z2) - address(z1)) // z1.strides[0]
    return start, start + z2.size, 1
