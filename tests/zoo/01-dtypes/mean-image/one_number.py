# points: visible 0, random 0, edge 0
# says: expected an array
# why: the mean of everything
import numpy as np


def mean_image(images):
    return np.mean(images)
