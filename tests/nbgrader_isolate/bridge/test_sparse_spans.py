"""Of a large table, only the bytes of the arguments cross, and a call has the same effects."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from nbgrader_isolate.bridge import sparse_spans
from nbgrader_isolate.bridge.failures import PeerGoneError, UngradableError
from nbgrader_isolate.bridge.memory import SharedMemory, spans_of
from nbgrader_isolate.bridge.sparse_spans import Layout, SparsePart
from support import answers
from support.bridged import Bridge, bridge, forged

pytestmark = pytest.mark.slow

ROWS = 600
COLUMNS = 512


@pytest.fixture
def table() -> np.ndarray:
    """Numbers that take more than `LEAST_BYTES`."""
    return np.arange(ROWS * COLUMNS, dtype=np.float64).reshape(ROWS, COLUMNS)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many bytes each request has written into the shared memory."""
    sizes: list[int] = []
    write = SharedMemory.write

    def counting(memory: SharedMemory, flats: list[np.ndarray]) -> list[list[int]]:
        sizes.append(sum(flat.size for flat in flats))
        return write(memory, flats)

    monkeypatch.setattr(SharedMemory, "write", counting)
    return sizes


VIEWS: list[Callable[[np.ndarray], np.ndarray]] = [
    lambda table: table[:, 5],
    lambda table: table[::-1, 3],
    lambda table: table[:, 3:40:9],
    lambda table: table.T[7],
    lambda table: table[5:, 7:8],
    lambda table: np.broadcast_to(table[:, 2], (3, ROWS)),
    lambda table: table.view("M8[s]")[::2, 1:20:6],
]
HOW = ["T", "self", "copy", "reverse", "every second", "first", "none", "set zero", "sort", "both"]


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("how", HOW)
def test_a_call_with_a_view_of_a_large_table_has_the_same_effects(
    there: Bridge,
    table: np.ndarray,
    sent: list[int],
    view: Callable[[np.ndarray], np.ndarray],
    how: str,
) -> None:
    mine, theirs = table.copy(), table.copy()
    expected, got = (
        answers_of(answers.apply, view(mine), how),
        answers_of(there.apply, view(theirs), how),
    )
    assert got == expected
    assert np.array_equal(theirs, mine)
    assert max(sent) <= table.nbytes // sparse_spans.PART


def answers_of(function: Callable[..., object], *args: object) -> str:
    """Return what a call returns or raises, as text."""
    try:
        result = function(*args)
    except Exception as error:  # noqa: BLE001 (it is what is compared)
        return f"{type(error).__name__}: {error}"
    layouts = [
        (part.shape, part.strides, part.flags.writeable)
        for part in (result if isinstance(result, list | tuple) else [result])
        if isinstance(part, np.ndarray)
    ]
    return f"{result!r} {layouts}"


def test_two_arguments_of_one_table_still_share_their_bytes(
    there: Bridge, table: np.ndarray
) -> None:
    column, part = table[:, 5], table[:100, 5]
    assert there.pick([column, part], 1) is part
    there.apply(part, "set zero")
    assert table[0, 4:7].tolist() == [4, 0, 6]
    assert np.shares_memory(there.apply(column, "every second"), table)


def test_what_a_call_writes_beside_its_argument_is_noticed(table: np.ndarray) -> None:
    before = "answers.beside = lambda a: a.base.__setitem__(17, 1)"
    with bridge(before) as there, pytest.raises(UngradableError, match="beside its arguments"):
        there.beside(table[:, 5])
    assert table[0, :4].tolist() == [0, 1, 2, 3]


def test_what_a_call_returns_of_the_bytes_beside_is_not_read(table: np.ndarray) -> None:
    before = "answers.wide = lambda a: answers.np.ndarray((4, 4), 'f8', a.base, 0, (4096, 8))"
    with bridge(before) as there:
        wide = there.wide(table[:, 0])
        assert (wide.shape, wide.strides) == ((4, 4), (4096, 8))
        with pytest.raises(UngradableError, match="beside the arguments of the call"):
            wide.sum()


def test_an_answer_cannot_have_a_sparse_span(table: np.ndarray) -> None:
    with (
        forged("send(array('<f8', [2], [8], (0, 16, 1 << 40)))") as there,
        pytest.raises(PeerGoneError),
    ):
        there.anything(table[:, 5])


def test_an_answer_with_more_bytes_or_fewer_is_refused(table: np.ndarray) -> None:
    code = (
        "send({'id': read()['id'], 'value': None, 'o': [], 'm': [], 'w': [[0, 8]], 'wrote': [0], "
    )
    with (
        forged(code + "'changed': {}})") as there,
        pytest.raises(UngradableError, match="size has changed"),
    ):
        there.anything(table[:, 5])


def test_a_small_or_dense_part_of_a_table_crosses_as_it_is(table: np.ndarray) -> None:
    for array in (table[:40, 3], table[:, ::2], table[:, :200], table):
        (span,) = spans_of([array], with_owners=False)
        assert span.sparse is None
    (with_owner,) = spans_of([table[:, 3]], with_owners=True)
    assert with_owner.sparse is None


def test_bytes_are_put_back_where_they_were() -> None:
    flat = np.arange(64).astype(np.uint8)
    part = SparsePart(64, [Layout(40, (3,), (-16,), 2), Layout(9, (2, 2), (20, 3), 1)])
    data = part.gather(flat)
    assert data.tolist() == [40, 41, 24, 25, 8, 9, 9, 12, 29, 32]
    whole = part.scatter(data)
    assert np.flatnonzero(whole).tolist() == [8, 9, 12, 24, 25, 29, 32, 40, 41]
    assert not part.has_more(whole)
    assert part.gather(whole).tolist() == data.tolist()
    whole[50] = 1
    assert part.has_more(whole)
    with pytest.raises(UngradableError):
        part.scatter(data[:-1])
