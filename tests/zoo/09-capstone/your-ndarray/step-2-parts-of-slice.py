# points: step-1-visible 1, step-1-numpy 2, step-2-visible 0, step-2-numpy 0, step-3-visible 1, step-3-numpy 0, step-4-visible 1, step-4-numpy 0, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 2, all 0
# says: A part that a slice leaves out is None
# cell: your-ndarray-step-2
# why: start, stop and step as they are written
class MiniArray(MiniArray):
    def __getitem__(self, key):
        keys = key if isinstance(key, tuple) else (key,)
        if len(keys) > len(self.shape):
            raise IndexError("too many")
        facts, axis = self.facts, 0
        for one in keys:
            n = facts[1][axis]
            if isinstance(one, slice):
                facts = take(facts, axis, one.start, one.stop, one.step)
                axis += 1
            elif -n <= one < n:
                offset, shape, strides = facts
                offset += one % n * strides[axis]
                facts = offset, shape[:axis] + shape[axis + 1 :], strides[:axis] + strides[axis + 1 :]
            else:
                raise IndexError("outside")
        made = MiniArray(self.memory, facts, self.code)
        return made if made.shape else made.element(())

    def tolist(self):
        if not self.shape:
            return self.element(())
        return [part.tolist() if isinstance(part, MiniArray) else part for part in self]
