# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 0, step-5-numpy 0, step-6-visible 0, step-6-numpy 0, all 0
# says: Each element is the sum of those with the same index, after both are stretched
# catch: visible
# cell: your-ndarray-step-5
# why: the facts of a sum in C order are those of m, and they are right
from itertools import product


class MiniArray(MiniArray):
    def broadcast_to(self, shape):
        return MiniArray(self.memory, broadcasted(self.facts, shape), self.code)

    def __add__(self, other):
        ndim = max(len(self.shape), len(other.shape))
        pairs = zip(*((1,) * (ndim - len(m.shape)) + tuple(m.shape) for m in (self, other)))
        shape = tuple(b if a == 1 else a for a, b in pairs)
        one, two = self.broadcast_to(shape), other.broadcast_to(shape)
        sums = [one.element(index) * two.element(index) for index in product(*map(range, shape))]
        memory = struct.pack(f"={len(sums)}{self.code}", *sums)
        return MiniArray(memory, (0, shape, c_strides(shape, self.itemsize)), self.code)
