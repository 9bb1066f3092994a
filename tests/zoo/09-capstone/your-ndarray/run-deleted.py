# points: step-1-visible 0
# says: there is no function `run`. It is given, below the class of step 1
# why: the given function is gone with the rest of the stub
# cell: your-ndarray-step-1
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
        return struct.unpack_from("=" + self.code, self.memory, locate(self.facts, index))[0]
