# points: visible 1, random 2, edge 0
# says: Do not put all images into one array
# why: right, but copies every image
import numpy as np


def mean_image(images):
    return np.mean(images, axis=0)
