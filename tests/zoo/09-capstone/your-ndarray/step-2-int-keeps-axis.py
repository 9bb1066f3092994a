# points: step-1-visible 1, step-1-numpy 2, step-2-visible 0, step-2-numpy 0, step-3-visible 1, step-3-numpy 0, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 0, all 0
# says: An int removes its axis
# cell: your-ndarray-step-2
# why: m[1] is a table of one row
class MiniArray(MiniArray):
    def __getitem__(self, key):
        keys = key if isinstance(key, tuple) else (key,)
        facts = self.facts
        for axis, one in enumerate(keys):
            if not isinstance(one, slice):
                n = facts[1][axis]
                if not -n <= one < n:
                    raise IndexError(one)
                one = slice(one % n, one % n + 1)
            facts = take(facts, axis, *one.indices(facts[1][axis]))
        return MiniArray(self.memory, facts, self.code)

    def tolist(self):
        if not self.shape:
            return self.element(())
        return [self[i].tolist() for i in range(self.shape[0])]
