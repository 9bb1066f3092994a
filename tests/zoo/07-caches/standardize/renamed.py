# points: visible 0
# says: Keep the names and the order of the arguments
# why: another number of arguments

import numpy as np


def standardize(table, mean, std):
    pass
