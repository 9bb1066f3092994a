"""The axes of an array as a chain: which neighbours a reshape joins, and whether one stride fits.

Two neighbouring axes read as one where the outer stride is one whole run of the inner: s0 = n1·s1.
Source: `_attempt_nocopy_reshape` in `numpy/_core/src/multiarray/shape.c`. The tests ask NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from stridescope.model.stride_steps import StrideStep
from stridescope.model.strides import Index, Layout, merges
from stridescope.model.value_text import plain, signed

STEPS = 3
"""Most steps of an inner axis that a walk shows one by one."""


@dataclass(frozen=True)
class Link:
    """What stands between two neighbouring axes of the chain.

    Parameters
    ----------
    outer, inner
        (length, stride in bytes) of the slower and the faster of the two, in reading order.
    state
        ``merge`` the new shape needs one stride and there is one; ``fail`` it needs one and there is
        none; ``apart`` the new shape does not join these two; ``free`` one of them has length 1.
    """

    outer: tuple[int, int]
    inner: tuple[int, int]
    state: str

    @property
    def equation(self) -> str:
        """The condition for one stride, ``8 = 2·24``: outer stride = inner length · inner stride."""
        return f"{plain(self.outer[1])} = {self.inner[0]}·{plain(self.inner[1])}"

    @property
    def words(self) -> str:
        """What the equation says."""
        product = plain(self.inner[0] * self.inner[1])
        return {
            "merge": "true: one axis",
            "fail": f"false: {product}",
            "apart": "stay apart",
            "free": "length 1",
        }[self.state]


def chain(layout: Layout, new: Index, order: str) -> list[Link]:
    """Return the links between neighbouring axes of `layout`, in order of the axes.

    Parameters
    ----------
    new
        The shape asked for, of the same size.
    order
        ``"C"`` or ``"F"``.
    """
    axes = list(zip(layout.shape, layout.strides, strict=True))
    if order == "F":
        axes, new = axes[::-1], new[::-1]
    joined = _joined(layout.shape if order == "C" else layout.shape[::-1], new)
    links = []
    for k, (outer, inner) in enumerate(pairwise(axes)):
        state = "apart"
        if 1 in (outer[0], inner[0]):
            state = "free"
        elif k in joined:
            state = "merge" if merges(outer, inner) else "fail"
        links.append(Link(outer, inner, state))
    # An axis of length 1 hides a pair of neighbours: the two around it must merge as well.
    links = _around_ones(axes, links, joined)
    return links if order == "C" else links[::-1]


def _around_ones(axes: list[tuple[int, int]], links: list[Link], joined: set[int]) -> list[Link]:
    """Put the equation of two axes around axes of length 1 on the link before the inner one."""
    long = [k for k, (n, _) in enumerate(axes) if n != 1]
    for k, m in pairwise(long):
        if m > k + 1 and m - 1 in joined:
            state = "merge" if merges(axes[k], axes[m]) else "fail"
            links[m - 1] = Link(axes[k], axes[m], state)
    return links


def _joined(old: Index, new: Index) -> set[int]:
    """Return k where axes k and k + 1 are read as one: no cut of the new shape falls there.

    A cut between axes is where the running product from the front is reached by both shapes.
    """
    if 0 in old:
        return set()
    cuts, total = {1}, 1
    for n in new:
        total *= n
        cuts.add(total)
    found, total = set(), 1
    for k, n in enumerate(old[:-1]):
        total *= n
        if total not in cuts:
            found.add(k)
    return found


def walk(offset: int, link: Link) -> tuple[str, list[StrideStep]]:
    """Return the walk along the inner axis and one step of the outer, as words and arcs."""
    (_, s), (n, t) = link.outer, link.inner
    shown = min(n - 1, STEPS)
    places = [offset + k * t for k in range(shown + 1)]
    steps = [t] * shown
    if n - 1 > STEPS:
        places = [*places[:-1], offset + (n - 1) * t]
        steps = [*steps[:-1], (n - 1) * t - (shown - 1) * t]
    places.append(offset + s)
    steps.append(offset + s - places[-2])
    names = [signed(step) for step in steps]
    if n - 1 > STEPS:
        names[-2] = f"{signed(t)} ×{n - shown}"
    arcs = [
        StrideStep(p, q, 0 if k == len(steps) - 1 else 1, name)
        for k, ((p, q), name) in enumerate(zip(pairwise(places), names, strict=True))
    ]
    path = " → ".join(plain(p) for p in places)
    end = "One stride fits." if link.state == "merge" else "No one stride fits."
    return f"Walk {path}: steps {', '.join(names)}. {end}", arcs
