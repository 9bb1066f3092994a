# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 0, step-4-numpy 0, step-5-visible 1, step-5-numpy 2, step-6-visible 1, step-6-numpy 2, all 2
# says: No single stride reads 1, 4, 2, 5, 3, 6
# cell: your-ndarray-step-4
# why: reshape copies in silence, as NumPy's does
def c_strides(shape, itemsize):
    return tuple(itemsize * prod(shape[k + 1 :]) for k in range(len(shape)))


class MiniArray(MiniArray):
    def copy(self):
        memory = b"".join(
            self.memory[start : start + n] for start, n in runs(self.facts, self.itemsize)
        )
        return MiniArray(memory, (0, self.shape, c_strides(self.shape, self.itemsize)), self.code)

    def reshape(self, shape):
        try:
            return MiniArray(self.memory, reshaped(self.facts, shape), self.code)
        except ValueError:
            return self.copy().reshape(shape)
