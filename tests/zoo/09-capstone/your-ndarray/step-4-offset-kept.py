# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 0, step-4-numpy 0, step-5-visible 1, step-5-numpy 2, step-6-visible 1, step-6-numpy 0, all 0
# says: New memory has facts of its own: offset 0, and the strides of C order
# cell: your-ndarray-step-4
# catch: visible
# why: the copy keeps the offset of m
def c_strides(shape, itemsize):
    return tuple(itemsize * prod(shape[k + 1 :]) for k in range(len(shape)))


class MiniArray(MiniArray):
    def copy(self):
        pieces = runs(self.facts, self.itemsize)
        memory = b"".join(self.memory[start : start + nbytes] for start, nbytes in pieces)
        return MiniArray(memory, (self.offset, self.shape, c_strides(self.shape, self.itemsize)), self.code)

    def reshape(self, shape):
        return MiniArray(self.memory, reshaped(self.facts, shape), self.code)
