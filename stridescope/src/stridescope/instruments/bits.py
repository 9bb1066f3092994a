"""`bits`: the fields of one number, their meaning, and the neighbors of the number."""

from __future__ import annotations

from stridescope.drawing.bit_fields import bits_html, facts_html
from stridescope.drawing.figure import figure
from stridescope.model.bit_pattern import (
    as_number,
    bit_fields,
    dtype_and_value,
    neighbors,
    number_readings,
    number_state,
)
from stridescope.runtime.instrument import Instrument


def bits(
    dtype: object = "float32", value: float | None = None, *, caption: str | None = None
) -> Instrument:
    """Show the bits of one number by field, its exact value, and its neighbors.

    Parameters
    ----------
    dtype
        ``float16``, ``float32``, ``float64``, an integer dtype, or a NumPy scalar.
    value
        The number; by default 0.1, or 1 for an integer dtype.
    caption
        A sentence above the picture; put `` `code` `` in backticks.

    Returns
    -------
    Instrument
        Sign, exponent and fraction of a float, or the bytes of an integer.

    Raises
    ------
    TypeError
        If the dtype is not one of these, or the value is not a number that it can hold.
    OverflowError
        If an integer does not fit; the message is NumPy's.

    Examples
    --------
    >>> import stridescope as ss
    >>> print(str(ss.bits("float16", 0.1)).splitlines()[0])
    float16(0.1) is 0 01011 1001100110.
    """
    kind, given_value = dtype_and_value(dtype, value)
    if given_value is None:
        given_value = 0.1 if kind.kind == "f" else 1
    one = as_number(kind, given_value, "bits")
    parts = bit_fields(one)
    facts = [*number_readings(one), *neighbors(one)]
    spaced = " ".join(text for _, text in parts)
    words = [f"{one.dtype.name}({one.value!s}) is {spaced}."]
    words += [f"{word}: {text}" for word, text in facts]
    body = bits_html(parts, words[0]) + facts_html(facts)
    state = number_state(one, "Bits", caption)
    return Instrument(figure("bits", body, caption), "\n".join(words), kind="bits", state=state)
