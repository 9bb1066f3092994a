# points: visible 0, random 0, edge 0
# says: later images count more than earlier ones
# catch: visible
# why: a mean of two, again and again, is not the mean of all

import numpy as np


def mean_image(images):
    mean = images[0].astype(np.float64)
    for image in images[1:]:
        mean = (mean + image) / 2
    return mean
