# points: visible 0, ranges 0, edge 0
# says: returned None: end the function with `return`
# why: print is not return
import numpy as np


def smallest_dtype(low, high):
    for bits in (8, 16, 32, 64):
        for name in (f"uint{bits}", f"int{bits}"):
            if np.iinfo(name).min <= low and high <= np.iinfo(name).max:
                print(name)
                return
    raise ValueError("too large")
