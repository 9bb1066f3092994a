# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 0, step-4-numpy 0, step-5-visible 1, step-5-numpy 2, step-6-visible 1, step-6-numpy 0, all 0
# says: All elements are there, but in another order: the last index moves fastest
# cell: your-ndarray-step-4
# why: copies the bytes as they lie
def c_strides(shape, itemsize):
    return tuple(itemsize * prod(shape[k + 1 :]) for k in range(len(shape)))


class MiniArray(MiniArray):
    def copy(self):
        memory = bytes(self.memory)
        return MiniArray(memory, (0, self.shape, c_strides(self.shape, self.itemsize)), self.code)

    def reshape(self, shape):
        return MiniArray(self.memory, reshaped(self.facts, shape), self.code)
