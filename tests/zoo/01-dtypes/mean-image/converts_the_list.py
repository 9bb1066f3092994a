# points: visible 1, random 2, edge 0
# says: as much as 4 images of float64
# mistake: holds all images at once
# why: one astype for the whole list
import numpy as np


def mean_image(images):
    return np.array(images).astype(np.int64).sum(axis=0) / len(images)
