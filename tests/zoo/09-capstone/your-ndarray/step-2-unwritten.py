# points: step-1-visible 1, step-1-numpy 2, step-2-visible 0, step-2-numpy 0, step-3-visible 1, step-3-numpy 0, step-4-visible 1, step-4-numpy 0, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 0, all 0
# says: `__getitem__` is not written yet.
# cell: your-ndarray-step-2
# why: step 2 is not begun
class MiniArray(MiniArray):
    def __getitem__(self, key):
        raise NotImplementedError

    def tolist(self):
        raise NotImplementedError
