# points: all
# why: Python's struct, and division for shifts
import struct


def float_bits(x):
    (bits,) = struct.unpack("<I", struct.pack("<f", x))
    sign, rest = divmod(bits, 2**31)
    exponent, fraction = divmod(rest, 2**23)
    return sign, exponent, fraction


def float_from(sign, exponent, fraction):
    bits = sign * 2**31 + exponent * 2**23 + fraction
    return struct.unpack("<f", struct.pack("<I", bits))[0]
