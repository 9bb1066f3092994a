# points: visible 1, random 2, edge 0
# says: Do not put all images into one array
# why: one astype for the whole list
import numpy as np


def mean_image(images):
    return np.array(images).astype(np.int64).sum(axis=0) / len(images)
