# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 0, step-3-numpy 0, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 2, all 0
# says: is @property missing
# why: T is a method
# cell: your-ndarray-step-3
class MiniArray(MiniArray):
    def transpose(self, *axes):
        order = axes or tuple(range(len(self.shape)))[::-1]
        return MiniArray(self.memory, transposed(self.facts, order), self.code)

    def T(self):
        return self.transpose()

    def windows(self, length):
        return MiniArray(self.memory, windowed(self.facts, length), self.code)
