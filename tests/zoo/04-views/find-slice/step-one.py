# points: visible 0
# says: This slice begins 8 bytes after z1 and takes steps of 8 bytes; z2 begins 8 bytes after z1 and takes steps of 16 bytes
# why: forgets the step

import numpy as np


def find_slice(z1, z2):
    start = (address(z2) - address(z1)) // z1.strides[0]
    return start, start + z2.size, 1
