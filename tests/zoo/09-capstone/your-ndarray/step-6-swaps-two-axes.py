# points: step-1-visible 1, step-1-numpy 2, step-2-visible 1, step-2-numpy 2, step-3-visible 1, step-3-numpy 2, step-4-visible 1, step-4-numpy 2, step-5-visible 1, step-5-numpy 2, step-6-visible 0, step-6-numpy 0, all 2
# says: All axes stay, in their order, except the one along which you add up
# catch: visible
# cell: your-ndarray-step-6
# why: the other axes are in another order, which two axes do not show
class MiniArray(MiniArray):
    def sum(self, axis):
        axis %= len(self.shape)
        axes = list(range(len(self.shape)))
        axes[0], axes[axis] = axes[axis], 0
        first, *others = self.transpose(*axes)
        for part in others:
            first = first + part
        return first.copy() if isinstance(first, MiniArray) else first

    def __str__(self):
        ndim = len(self.shape)
        numbers = [self.element(index) for index in product(*map(range, self.shape))]
        width = max(len(str(number)) for number in numbers)

        def text(part, depth):
            if depth == ndim:
                return str(part).rjust(width)
            return "[" + separator(ndim, depth + 1).join(text(one, depth + 1) for one in part) + "]"

        return text(self.tolist(), 0)


def separator(ndim, depth):
    breaks = ndim - depth
    return "\n" * breaks + " " * depth if breaks else " "
