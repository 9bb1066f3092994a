# points: all
# why: lets NumPy try, and catches its refusal
import numpy as np


def smallest_dtype(low, high):
    for name in "uint8 int8 uint16 int16 uint32 int32 uint64 int64".split():
        try:
            np.array([low, high], dtype=name)
        except OverflowError:
            continue
        return name
    raise ValueError("no integer dtype")
