"""Count the indices that lead to a byte: bounded solutions of Σ iₖ·sₖ = target."""

from __future__ import annotations

import math

STEPS = 20_000
"""Most steps that a count may take before it gives up."""


class Search:
    """Solve Σ iₖ·sₖ = target for 0 ≤ iₖ < nₖ, given (nₖ, sₖ) with positive, decreasing strides."""

    def __init__(self, axes: list[tuple[int, int]]) -> None:
        self.axes = axes
        self.steps = 0
        # rest[k] is the farthest that axis k and all later axes can reach together.
        self.rest = [sum((n - 1) * s for n, s in axes[k:]) for k in range(len(axes) + 1)]

    def feasible(self, k: int, target: int) -> range:
        """Return the indices of axis k that leave a target which the later axes can reach."""
        n, s = self.axes[k]
        return range(max(0, -((self.rest[k + 1] - target) // s)), min(n - 1, target // s) + 1)

    def count(self, target: int, k: int = 0) -> int | None:
        """Count the solutions for axis k and all later axes; None after `STEPS` steps."""
        if k == len(self.axes):
            return int(target == 0)
        candidates = self.feasible(k, target)
        if k == len(self.axes) - 2:
            return self._count_pair(target, candidates)
        self.steps += len(candidates)
        if self.steps > STEPS:
            return None
        counts = [self.count(target - i * self.axes[k][1], k + 1) for i in candidates]
        return None if None in counts else sum(n for n in counts if n is not None)

    def _count_pair(self, target: int, candidates: range) -> int:
        """Count i in `near` with i·s + j·t = target; i is determined modulo t ÷ gcd(s, t)."""
        s, t = self.axes[-2][1], self.axes[-1][1]
        g = math.gcd(s, t)
        if target % g or not candidates:
            return 0
        first = target // g * pow(s // g, -1, t // g) % (t // g)
        start = candidates.start + (first - candidates.start) % (t // g)
        return len(range(start, candidates.stop, t // g))
