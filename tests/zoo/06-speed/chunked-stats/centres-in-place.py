# points: visible 0
# says: changed its argument
# why: subtracts from the chunks themselves

import numpy as np


def mean_and_variance(chunks):
    chunks = [chunk for chunk in chunks if chunk.size]
    if not chunks:
        raise ValueError("no numbers")
    count, mean, squares = 0, 0.0, 0.0
    for chunk in chunks:
        center = chunk.mean()
        between, total = center - mean, count + chunk.size
        chunk -= center
        mean += between * chunk.size / total
        squares += chunk @ chunk + between**2 * count * chunk.size / total
        count = total
    return mean, squares / count
