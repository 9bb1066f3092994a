# points: step-1-visible 0, step-1-numpy 0, step-2-visible 0, step-2-numpy 0, step-3-visible 0, step-3-numpy 0, step-4-visible 0, step-4-numpy 0, step-5-visible 0, step-5-numpy 0, step-6-visible 0, step-6-numpy 0, all 0
# says: `locate` is not written yet. It is one of your parts
# why: no part is pasted
# cell: your-ndarray-parts
# your parts begin
def locate(facts, index):
    raise NotImplementedError


def take(facts, axis, start, stop, step):
    raise NotImplementedError


def transposed(facts, axes):
    raise NotImplementedError


def reshaped(facts, shape):
    raise NotImplementedError


def runs(facts, itemsize):
    raise NotImplementedError


def broadcasted(facts, shape):
    raise NotImplementedError


def windowed(facts, length):
    raise NotImplementedError


# your parts end
