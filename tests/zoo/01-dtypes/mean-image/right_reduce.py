# points: all
# why: a sum of converted images, one at a time
from functools import reduce

import numpy as np


def mean_image(images):
    total = reduce(lambda total, image: total + image, images, np.uint32(0))
    return np.true_divide(total, len(images))
