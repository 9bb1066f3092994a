# points: visible 0, owner 0, random 0, edge 0
# says: returned None
# why: returns nothing

import numpy as np


def trim(array, start, stop):
    array[start:stop].copy()
