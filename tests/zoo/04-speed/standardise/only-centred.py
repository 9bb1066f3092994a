# points: visible 0, memory 1
# says: nothing is divided
# why: forgets to divide

import numpy as np


def standardise(table):
    table -= table.mean(axis=0)
