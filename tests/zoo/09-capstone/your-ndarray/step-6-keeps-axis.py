# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 0, all 0
# says: The axis along which you add up goes away
# cell: your-ndarray-step-6
# why: keepdims
class MiniArray(MiniArray):
    def sum(self, axis):
        axis %= len(self.shape)
        cut = (slice(None),) * axis
        parts = [self[(*cut, slice(i, i + 1))] for i in range(self.shape[axis])]
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        return total.copy()

    def __str__(self):
        return str(self.tolist())
