# points: step-1-visible 1, step-1-numpy 2, step-2-visible 0, step-2-numpy 0, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 1, step-6-numpy 2, all 2
# says: A row has three elements, -3 to 2
# catch: visible
# why: an index beyond the end wraps
# cell: your-ndarray-step-2
class MiniArray(MiniArray):
    def __getitem__(self, key):
        keys = key if isinstance(key, tuple) else (key,)
        facts, axis = self.facts, 0
        for one in keys[: len(self.shape)]:
            n = facts[1][axis]
            if isinstance(one, slice):
                facts = take(facts, axis, *one.indices(n))
                axis += 1
                continue
            if len(keys) == 1 and one >= n:
                raise IndexError
            offset, shape, strides = take(facts, axis, one % n, one % n + 1, 1)
            facts = offset, shape[:axis] + shape[axis + 1 :], strides[:axis] + strides[axis + 1 :]
        made = MiniArray(self.memory, facts, self.code)
        return made if made.shape else made.element(())

    def tolist(self):
        if not self.shape:
            return self.element(())
        return [part.tolist() if isinstance(part, MiniArray) else part for part in self]
