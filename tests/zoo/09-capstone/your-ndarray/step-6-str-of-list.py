# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 0, all 2
# says: NumPy prints spaces between the numbers, not commas
# cell: your-ndarray-step-6
# why: the text of the list
class MiniArray(MiniArray):
    def sum(self, axis):
        axis %= len(self.shape)
        rest = [k for k in range(len(self.shape)) if k != axis]
        first, *others = self.transpose(axis, *rest)
        for part in others:
            first = first + part
        return first.copy() if isinstance(first, MiniArray) else first

    def __str__(self):
        return str(self.tolist())
