# points: visible 0, decisions 1
# says: Their first elements may differ
# why: compares only where the two begin

import numpy as np


def views():
    return {1, 3, 6, 7, 8, 11, 12}


def is_view(a, b):
    return a.__array_interface__["data"][0] == b.__array_interface__["data"][0]
