# points: visible 1, random 2, edge 0
# says: as much as 4 images of float64
# mistake: holds all images at once
# catch: visible
# why: right, but copies every image
import numpy as np


def mean_image(images):
    return np.mean(images, axis=0)
