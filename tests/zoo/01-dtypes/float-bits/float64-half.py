# points: visible 0, random 0, edge 0
# says: The 64 bits of a float64, cut at these places
# mistake: float64 cut at the places of a float32
# why: float32 forgotten: the lower half of a float64
import numpy as np
def float_bits(x):
    bits = int(np.array([x]).view(np.uint32)[0])
    return bits >> 31, bits >> 23 & 255, bits & 0x7FFFFF

def float_from(sign, exponent, fraction):
    bits = np.uint32(sign << 31 | exponent << 23 | fraction)
    return np.array([bits]).view(np.float32)[0]
