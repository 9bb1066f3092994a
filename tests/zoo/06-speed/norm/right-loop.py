# points: all
# why: one element after another, which is slow but allowed
import numpy as np


def norm(a):
    total = 0.0
    for z in a:
        z = complex(z)
        total += z.real * z.real + z.imag * z.imag
    return total**0.5
