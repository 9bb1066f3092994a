# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 0, step-4-numpy 0, step-5-visible 1, step-5-numpy 2, step-6-visible 1, step-6-numpy 2, all 2
# says: the elements are right, but the new memory has 20 bytes. The 6 elements take 12
# cell: your-ndarray-step-4
# why: the copy keeps bytes that belong to no element
def c_strides(shape, itemsize):
    return tuple(itemsize * prod(shape[k + 1 :]) for k in range(len(shape)))


class MiniArray(MiniArray):
    def copy(self):
        memory = b"".join(self.memory[start : start + n] for start, n in runs(self.facts, self.itemsize))
        return MiniArray(memory + bytes(8), (0, self.shape, c_strides(self.shape, self.itemsize)), self.code)

    def reshape(self, shape):
        return MiniArray(self.memory, reshaped(self.facts, shape), self.code)
