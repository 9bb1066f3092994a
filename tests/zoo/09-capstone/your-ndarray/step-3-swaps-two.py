# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 0, step-3-numpy 0, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 0, all 0
# says: The axes are in the given order; if none is given, in reverse order
# cell: your-ndarray-step-3
# why: the order of two axes only
class MiniArray(MiniArray):
    def transpose(self, *axes):
        order = tuple(range(len(self.shape)))
        order = (*order[:-2], *order[-2:][::-1])
        return MiniArray(self.memory, transposed(self.facts, order), self.code)

    @property
    def T(self):
        return self.transpose()

    def windows(self, length):
        return MiniArray(self.memory, windowed(self.facts, length), self.code)
