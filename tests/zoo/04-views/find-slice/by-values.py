# points: visible 0
# says: A copy reads other bytes.
# catch: visible
# why: looks the values up, so a copy is found too

import numpy as np


def find_slice(z1, z2):
    numbers = z1.tolist()
    start = numbers.index(z2[0])
    step = numbers.index(z2[1]) - start if z2.size > 1 else 1
    stop = start + step * z2.size
    return start, stop if stop >= 0 else None, step or 1
