"""The mappings of a process tree: their number, and the shared memory that no file's name leads to.

Pages of shared memory stay when a process drops them from its page table (`MADV_DONTNEED`), or
unmaps all but one of them. No count of its pages includes them then. So their mappings count with
their whole size, and `seccomp` limits how large one may be when it is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from nbgrader_isolate.sandbox import procfs, seccomp

MAX_MAPPINGS = 100_000
"""Mappings of a tree; a process can have 65,530, and whoever measures it has to go through all."""

KERNEL_BYTES = 256
"""What the kernel keeps for each mapping."""

KNOWN = 8
"""Shared memories of a tree that count with the size that was seen; each further one counts as
large as the filter allows, because part of it may have been unmapped before anybody looked."""

EVERY = 10
"""Checks after which mappings are read in any case: going through them takes 1 ms."""

GROWTH = 16 << 20
"""Bytes by which the machine's shared memory has to grow for them to be read sooner."""

NAMES = "/dev/zero (deleted)", "[anon_shmem:"
"""How mappings of shared memory without a file are listed."""


@dataclass
class Mappings:
    """What is known about the mappings of a process tree.

    Attributes
    ----------
    count : int
        How many there are.
    shared : dict of str to int
        The largest size seen of each shared memory that is still mapped, by its inode, in bytes.
    """

    count: int = 0
    shared: dict[str, int] = field(default_factory=dict)
    checks: int = 0
    lowest: int = 0

    def look(self, pids: Iterable[int], on_machine: int) -> None:
        """Read the mappings if it is time to, or if somebody has got much shared memory.

        Parameters
        ----------
        pids : iterable of int
        on_machine : int
            Bytes of shared memory that the whole machine has.
        """
        self.lowest = min(self.lowest, on_machine)
        if self.checks % EVERY == 0 or on_machine > self.lowest + GROWTH:
            self.lowest = on_machine
            self._read(pids)
        self.checks += 1

    def _read(self, pids: Iterable[int]) -> None:
        before, self.shared, self.count = self.shared, {}, 0
        for pid in pids:
            text = procfs.maps(pid)
            self.count += text.count("\n")
            if self.count > MAX_MAPPINGS:
                return
            if any(name in text for name in NAMES):
                self._add(text, before)

    def _add(self, text: str, before: dict[str, int]) -> None:
        """Note the shared memories in the list of a process's mappings."""
        for line in text.splitlines():
            if any(name in line for name in NAMES):
                addresses, _, offset, _, inode, *_ = line.split()
                begin, end = (int(part, 16) for part in addresses.split("-"))
                size = max(int(offset, 16) + end - begin, before.get(inode, 0))
                self.shared[inode] = max(size, self.shared.get(inode, 0))

    @property
    def shared_bytes(self) -> int:
        """How many bytes the shared memories have, whether anybody has used them or not."""
        sizes = sorted(self.shared.values(), reverse=True)
        further = (max(size, seccomp.MAX_SHARED) for size in sizes[KNOWN:])
        return sum(sizes[:KNOWN]) + sum(further)

    @property
    def kernel_bytes(self) -> int:
        """How many bytes the kernel needs for the mappings themselves."""
        return self.count * KERNEL_BYTES
