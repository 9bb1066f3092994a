# points: step-1-visible 0, step-1-numpy 0, step-2-visible 0, step-2-numpy 0, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 0, step-5-numpy 0, step-6-visible 0, step-6-numpy 0, all 0
# says: `struct.unpack_from` returns a tuple, even for one number
# cell: your-ndarray-step-1
# why: forgets the [0]; size counts bytes is not reached
import struct
from math import prod


class MiniArray:
    def __init__(self, memory, facts, code):
        self.memory, self.facts, self.code = memory, facts, code
        self.offset, self.shape, self.strides = facts

    @property
    def itemsize(self):
        return struct.calcsize("=" + self.code)

    @property
    def size(self):
        return prod(self.shape)

    def element(self, index):
        return struct.unpack_from("=" + self.code, self.memory, locate(self.facts, index))


def run(data, operations):
    memory = bytearray(data[0])
    made = MiniArray(memory, *data[1:])
    for name, *arguments in operations:
        if name == "get":
            key = tuple(slice(*k) if isinstance(k, list) else k for k in arguments)
            made = made[key[0] if len(key) == 1 else key]
        elif name == "add":
            made = made + MiniArray(*arguments[0])
        elif name == "str":
            made = str(made)
        else:
            made = getattr(made, name)
            if name not in ("itemsize", "size", "T"):
                made = made(*arguments)
    if isinstance(made, MiniArray):
        return {
            "facts": made.facts,
            "code": made.code,
            "memory": bytes(made.memory),
            "shares": made.memory is memory,
        }
    return "a method: is @property missing?" if callable(made) else made
