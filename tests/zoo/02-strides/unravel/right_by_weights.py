# points: all
# why: from the left, by how much each index counts
from math import prod


def unravel(position, *shape):
    weights = [prod(shape[k + 1 :]) for k in range(len(shape))]
    return [position // weight % size for weight, size in zip(weights, shape)]
