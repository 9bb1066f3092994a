# points: visible 0, random 0, edge 0
# says: The sign is a bit: 0 for plus and 1 for minus
# why: gives 1 and -1, as np.sign does
import numpy as np


def float_bits(x):
    bits = int(np.array([x], dtype=np.float32).view(np.uint32)[0])
    return (-1 if bits >> 31 else 1), bits >> 23 & 0xFF, bits & 0x7FFFFF


def float_from(sign, exponent, fraction):
    bits = sign << 31 | exponent << 23 | fraction
    return np.array([bits], dtype=np.uint32).view(np.float32)[0]
