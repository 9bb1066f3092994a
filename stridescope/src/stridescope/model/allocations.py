"""Which blocks of memory the operations of an expression allocate, and how long each is held."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from stridescope.model.operations import Operation, Shape, Value
from stridescope.model.units import size_words

Kind: TypeAlias = tuple[Shape, np.dtype[Any]]


@dataclass
class Block:
    """A block of memory.

    Parameters
    ----------
    name
        The variable that refers to it.
    nbytes
        Bytes of its elements, without the small array object.
    birth, death
        First and last step at which it is held, counted from 1. A block that exists before the
        first step has birth 0.
    code
        The code that allocates it, for a buffer.
    """

    name: str
    nbytes: int
    birth: int
    death: int
    code: str = ""


@dataclass(frozen=True)
class Step:
    """One line of the program.

    Parameters
    ----------
    code
        The line of Python.
    result
        The variable that holds its result.
    words
        Dtype and shape of the result.
    makes
        Whether the line allocates a new block.
    """

    code: str
    result: str
    words: str
    makes: bool


@dataclass
class Program:
    """An expression as single steps, and the memory that they hold."""

    mode: str
    steps: list[Step] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    buffers: list[Block] = field(default_factory=list)

    def held(self, step: int) -> int:
        """Return the bytes of new memory held during a step, counted from 1."""
        return sum(b.nbytes for b in self.blocks if b.birth <= step <= b.death)

    @property
    def peak(self) -> int:
        """The most bytes of new memory held at any step."""
        return max(self.held(k) for k in range(1, len(self.steps) + 1))

    @property
    def peak_step(self) -> int:
        """The first step at which the peak is held, as far as its three digits show."""
        held = [size_words(self.held(k)) for k in range(1, len(self.steps) + 1)]
        return held.index(size_words(self.peak)) + 1


def program(operations: Sequence[Operation], mode: str = "") -> Program:
    """Return the program that computes operations, with the memory of every step.

    Because CPython counts references, the result of an operation is held until the last step that
    reads it is over, and the final result is held to the end. NumPy sometimes reuses a temporary on
    its own (on Linux and macOS, for blocks of 256 KB or more); this is not modeled.

    Parameters
    ----------
    operations
        In the order in which they are done.
    mode
        ``""`` for the expression as written; ``"reuse"`` to write with ``out=`` into a temporary
        that is last read by the same step, if one has the right shape and dtype; ``"buffers"`` to
        write into a preallocated buffer if there is no such temporary.
    """
    return _Allocator(operations, mode).allocated()


class _Allocator:
    """Assigns a block to each result, one operation after another."""

    def __init__(self, operations: Sequence[Operation], mode: str) -> None:
        self.operations, self.program = operations, Program(mode)
        self.places: list[Block | str] = []
        """For each operation, its block, or the name of the array that it writes into."""
        self.kinds: dict[int, Kind] = {}
        self.last = {k: len(operations) for k in range(len(operations))}
        for k, operation in enumerate(operations, 1):
            self.last |= {v.root: k for v in operation.operands if isinstance(v.root, int)}

    def allocated(self) -> Program:
        """Return the program with every operation."""
        for number, operation in enumerate(self.operations):
            place, is_new = self._place(number, operation)
            self.places.append(place)
            if isinstance(place, Block):
                place.death = max(place.death, self.last[number])
            self.program.steps.append(self._step(operation, place, is_new=is_new))
        return self.program

    def _place(self, number: int, operation: Operation) -> tuple[Block | str, bool]:
        """Return where a result is written, and whether that is a new block."""
        if operation.out:
            return operation.out, False
        kind = (operation.shape, operation.dtype)
        if self.program.mode and operation.elementwise and operation.shape:
            existing = self._ending(number, operation, kind) or self._buffer(number, kind)
            if existing is not None:
                return existing, False
        block = Block(f"t{len(self.program.blocks) + 1}", _nbytes(*kind), number + 1, number + 1)
        self.program.blocks.append(block)
        self.kinds[id(block)] = kind
        return block, True

    def _ending(self, number: int, operation: Operation, kind: Kind) -> Block | None:
        """Return the block of an operand that no later step reads, if its kind is right."""
        for value in operation.operands:
            if (
                isinstance(value.root, int)
                and not value.suffix
                and self.last[value.root] == number + 1
            ):
                place = self.places[value.root]
                if isinstance(place, Block) and self.kinds[id(place)] == kind:
                    return place
        return None

    def _buffer(self, number: int, kind: Kind) -> Block | None:
        """Return a preallocated buffer that is free now, or one more."""
        if self.program.mode != "buffers":
            return None
        for buffer in self.program.buffers:
            if self.kinds[id(buffer)] == kind and buffer.death < number + 1:
                return buffer
        count = len(self.program.buffers) + 1
        buffer = Block("buf" if count == 1 else f"buf{count}", _nbytes(*kind), 0, 0)
        buffer.code = f"np.empty({kind[0]}, {kind[1].name!r})"
        self.program.buffers.append(buffer)
        self.kinds[id(buffer)] = kind
        return buffer

    def _step(self, operation: Operation, place: Block | str, *, is_new: bool) -> Step:
        name = place.name if isinstance(place, Block) else place
        operands = [self._code(value) for value in operation.operands]
        if is_new:
            code = f"{name} = {operation.written.format(*operands)}"
        else:
            code = f"{operation.called.format(*operands)}, out={name})"
        words = (
            f"{operation.dtype.name} {operation.shape}" if operation.shape else operation.dtype.name
        )
        return Step(code, name, words, is_new)

    def _code(self, value: Value) -> str:
        if value.root is None:
            return f"({value.tiny})" if value.tiny < 0 else str(value.tiny)
        if isinstance(value.root, str):
            return value.root + value.suffix
        place = self.places[value.root]
        return (place.name if isinstance(place, Block) else place) + value.suffix


def _nbytes(shape: Shape, dtype: np.dtype[Any]) -> int:
    return math.prod(shape) * dtype.itemsize
