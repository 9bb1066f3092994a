# points: visible 0
# says: Keep the names and the order of the arguments
# why: another number of arguments

import numpy as np


def standardise(table, mean, std):
    pass
