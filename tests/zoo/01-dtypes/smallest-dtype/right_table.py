# points: all
# why: a table of limits written by hand
LIMITS = {
    "uint8": (0, 255),
    "int8": (-128, 127),
    "uint16": (0, 65535),
    "int16": (-32768, 32767),
    "uint32": (0, 4294967295),
    "int32": (-2147483648, 2147483647),
    "uint64": (0, 18446744073709551615),
    "int64": (-9223372036854775808, 9223372036854775807),
}


def smallest_dtype(low, high):
    fitting = [name for name, (first, last) in LIMITS.items() if first <= low <= high <= last]
    if not fitting:
        raise ValueError("none")
    return fitting[0]
