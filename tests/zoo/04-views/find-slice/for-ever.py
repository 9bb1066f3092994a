# points: visible 0
# says: took longer than 5 s and was stopped
# why: never ends

import numpy as np


def find_slice(z1, z2):
    while True:
        pass
