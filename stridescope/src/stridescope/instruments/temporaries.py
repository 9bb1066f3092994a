"""`temporaries`: the intermediates of an expression as blocks of memory over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stridescope.drawing.figure import NARROW, WIDE, figure, forms, prose
from stridescope.model.memory import as_array, describe, dtype_words
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from stridescope.model.allocations import Program

MODES = ("", "reuse", "buffers")
WORDS = {
    "": "as written",
    "reuse": "`out=` into temporaries",
    "buffers": "`out=` into preallocated buffers",
}


def temporaries(
    expression: str, *, out: str | None = None, caption: str | None = None, **arrays: object
) -> Instrument:
    """Draw the memory that an expression needs while it is computed.

    The expression is read but not run, so arrays of any size cost nothing here.

    Parameters
    ----------
    expression
        The code of an expression, as a string: arrays by name, numbers, operators, ufuncs of `np`
        (also with an array as ``out=``), and reductions such as sums.
    out
        How ``out=`` is added to the expression: not at all (None), ``"reuse"`` to write into a
        temporary that is no longer needed, or ``"buffers"`` to write into a preallocated buffer if
        there is no such temporary.
    caption
        A sentence above the picture; put `` `code` `` in backticks.
    arrays
        The arrays that the expression names. Only their shapes and dtypes are used; no element is
        read.

    Returns
    -------
    Instrument
        A row for each step and a box for each block. The width of a box is its bytes; its height
        covers the steps at which it is held.

    Raises
    ------
    TypeError
        If one of `arrays` is not an array, or `expression` is not a string.
    ExpressionError
        If the expression is outside the subset or NumPy refuses it. (It is a ValueError.)

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.broadcast_to(1.0, 100_000_000)
    >>> print(ss.temporaries("np.sqrt(np.sum(a**2))", a=a))
    As written: np.sqrt(np.sum(a**2))
    1. t1 = a ** 2, float64 (100000000,), allocates 800 MB; new memory held: 800 MB.
    2. t2 = np.sum(t1), float64, allocates 8 B; new memory held: 800 MB.
    3. t3 = np.sqrt(t2), float64, allocates 8 B; new memory held: 16 B.
    Peak: 800 MB of new memory, first at step 1; already in memory: a (8 B).
    NumPy may reuse a temporary of 256 kB or more on its own, on some systems; this is not modeled.
    """
    # Imported here so that `import stridescope` costs next to nothing.
    from stridescope.drawing.temporaries import draw, line_words, peak_words
    from stridescope.model.allocations import Block, program
    from stridescope.model.expression import operations

    if not isinstance(expression, str):
        msg = (
            f'ss.temporaries takes the expression as a string, such as "a**2", '
            f"not {type(expression).__name__}"
        )
        raise TypeError(msg)
    mode = _mode(out)
    given_arrays = {name: as_array(a, "temporaries") for name, a in arrays.items()}
    ops = operations(expression, given_arrays)
    programs = {kind: program(ops, kind) for kind in MODES}
    used_names = {v.root for o in ops for v in o.operands} | {o.out for o in ops}
    before = [_given(name, a) for name, a in given_arrays.items() if name in used_names]
    shown_program = programs[mode]
    last = len(shown_program.steps)
    blocks_before = [Block(b["name"], b["nbytes"], 0, last) for b in before]
    words = [f"{WORDS[mode].replace('`', '').capitalize()}: {' '.join(expression.split())}"]
    words += [line_words(shown_program, k) for k in range(1, last + 1)]
    notes = [peak_words(shown_program, blocks_before), ELISION]
    body = f"<p>{prose(f'`{expression.strip()}`, {WORDS[mode]}.')}</p>"
    body += forms(*(draw(shown_program, blocks_before, width) for width in (WIDE, NARROW)))
    body += f'<p>{prose(notes[0])}</p><p class="ss-read">{prose(ELISION)}</p>'
    state = {
        "expression": expression.strip(),
        "mode": mode,
        "caption": caption,
        "before": before,
        "note": ELISION,
        "programs": [_json(p) for p in programs.values()],
    }
    text = "\n".join([*words, *notes])
    return Instrument(figure("temporaries", body, caption), text, "temporaries", state)


ELISION = (
    "NumPy may reuse a temporary of 256 kB or more on its own, on some systems; "
    "this is not modeled."
)


def _mode(out: str | None) -> str:
    if out not in {None, *MODES}:
        msg = f"out must be None, 'reuse' or 'buffers', not {out!r}: no array can be named out"
        raise ValueError(msg)
    return out or ""


def _given(name: str, a: Any) -> dict[str, Any]:  # noqa: ANN401 - an ndarray of any dtype
    """Return the name of a given array, its words, and the bytes that its elements span."""
    low, high = describe(a).layout.extent()
    return {"name": name, "nbytes": high - low, "words": f"{dtype_words(a.dtype)} {a.shape}"}


def _json(shown_program: Program) -> dict[str, Any]:
    """Return a program for JSON."""
    return {
        "mode": shown_program.mode,
        "steps": [
            {"code": s.code, "result": s.result, "words": s.words, "makes": s.makes}
            for s in shown_program.steps
        ],
        "blocks": [[b.name, b.nbytes, b.birth, b.death] for b in shown_program.blocks],
        "buffers": [[b.name, b.nbytes, b.code] for b in shown_program.buffers],
    }
