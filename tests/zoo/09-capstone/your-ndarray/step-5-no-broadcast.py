# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 0, step-5-numpy 0, step-6-visible 1, step-6-numpy 2, all 2
# says: NumPy adds these two: see which shape both are stretched to
# cell: your-ndarray-step-5
# why: adds without stretching
from itertools import product


class MiniArray(MiniArray):
    def broadcast_to(self, shape):
        return MiniArray(self.memory, broadcasted(self.facts, shape), self.code)

    def __add__(self, other):
        sums = [self.element(i) + other.element(i) for i in product(*map(range, self.shape))]
        memory = struct.pack(f"={len(sums)}{self.code}", *sums)
        return MiniArray(memory, (0, self.shape, c_strides(self.shape, self.itemsize)), self.code)
