# points: visible 0, random 0, edge 0, memory 0
# says: nothing is divided
# why: forgets to divide

import numpy as np


def standardize(table):
    table -= table.mean(axis=0)
