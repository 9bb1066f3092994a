"""What a call in the student's process did: its error, its output, its changes to arguments."""

from __future__ import annotations

import builtins
import sys
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import dtypes
from nbgrader_isolate.bridge.callbacks import InlineMemory
from nbgrader_isolate.bridge.failures import (
    ALLOWED,
    TEXT,
    WARNINGS,
    UngradableError,
    rebuild_error,
)
from nbgrader_isolate.bridge.memory import SharedMemory, Span, bounds, change_layout
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.unpack import Unpacker
from nbgrader_isolate.bridge.value_kinds import REDUCED

BESIDE = "a call that wrote beside its arguments"


def error_of(answer: dict[str, Any], own: Mapping[str, type[Exception]]) -> Exception:
    """Return the error that a call raised, as the test sees it; `own` are the student's classes."""
    names, text, arguments = answer["error"], answer.get("text"), answer.get("args")
    if not isinstance(names, list) or not all(type(name) is str for name in names):
        raise UngradableError("a malformed error")
    plain = isinstance(arguments, list) and all(
        type(argument) in (str, int, float, bool, type(None)) for argument in arguments
    )
    error = rebuild_error(names, str(text), arguments if plain else None)
    kind = next((own[name] for name in names if name in own), None)
    if kind is not None:
        error = kind(str(text)[:TEXT])
    lines = answer.get("where")
    for line in lines[:10] if isinstance(lines, list) else ():
        error.add_note(str(line)[:300])
    return error


def reduced_in(answer: dict[str, Any], own: Mapping[str, object]) -> list[str]:
    """Return what has lost something of an answer: errors and warnings of other classes.

    Parameters
    ----------
    answer : dict
    own : mapping
        The student's classes of errors that the test has, by name.
    """
    found = []
    names = [str(name) for name in answer.get("error") or ()]
    if names and names[0] not in ALLOWED and own.keys().isdisjoint(names):
        found.append(f"{REDUCED}an error of another class")
    entries = answer.get("warned")
    if any(warning_class(entry) is None for entry in (entries if type(entries) is list else ())):
        found.append(f"{REDUCED}a warning of another class")
    return found


def warning_class(entry: Any) -> type[Warning] | None:  # noqa: ANN401
    """Return the class of a warning that has crossed, or None if it is not a known one."""
    name = entry[0] if isinstance(entry, list) and entry else ""
    kind = getattr(builtins, str(name), None) or getattr(np.exceptions, str(name), None)
    return kind if isinstance(kind, type) and issubclass(kind, Warning) else None


def reason_in(text: object) -> str:
    """Return why a value does not cross, as the student's process says it.

    The name of a type can be any text. One that is not a name is left out, since an instructor
    would read it as the grader's own words.
    """
    before, word, name = str(text)[:300].partition(" of type ")
    if word and not name.replace(".", "").isidentifier():
        return f"{before} of a type whose name is not one"
    return f"{before}{word}{name}"


def print_output(answer: dict[str, Any]) -> None:
    """Print what a call printed."""
    for key, stream in (("out", sys.stdout), ("err", sys.stderr)):
        text = answer.get(key)
        if isinstance(text, str):
            getattr(stream, "relay", stream.write)(text)


def warn_again(answer: dict[str, Any]) -> None:
    """Issue the function's warnings again, under the test's own filters."""
    entries = answer.get("warned")
    for entry in entries[:WARNINGS] if isinstance(entries, list) else ():
        kind = warning_class(entry)
        if kind is not None:
            warnings.warn(str(entry[-1])[:2000], kind, stacklevel=4)


def apply_changes(
    answer: dict[str, Any],
    unpacker: Unpacker,
    packer: Packer,
    memory: SharedMemory | InlineMemory,
) -> None:
    """Change the caller's arguments as the function changed its own."""
    wrote, locations, changed = (answer.get(key) for key in ("wrote", "w", "changed"))
    if not (isinstance(wrote, list) and isinstance(locations, list) and isinstance(changed, dict)):
        raise UngradableError("an answer that does not describe the arguments")
    if answer.get("beside"):
        raise UngradableError(BESIDE)
    for number, location in zip(wrote, locations, strict=False):
        if type(number) is not int or not 0 <= number < len(packer.spans):
            raise UngradableError("an answer about an unknown argument")
        write_back(packer.spans[number], memory.read(location), packer)
    for number, entry in changed.items():
        if (
            not (number.isascii() and number.isdecimal())
            or int(number) >= len(packer.objects)
            or not isinstance(entry, list)
        ):
            raise UngradableError("an answer about an unknown argument")
        argument = packer.objects[int(number)]
        if isinstance(argument, np.ndarray):
            change_layout(argument, entry)
        else:
            unpacker.fill(argument, entry)


def write_back(span: Span, data: np.ndarray, packer: Packer) -> None:
    """Write the bytes of a span as a call left them, if the arrays in it can have them."""
    if span.sparse is not None:
        data = span.sparse.scatter(data)
    if data.size != span.nbytes:
        raise UngradableError("an argument whose size has changed")
    for array in packer.objects:
        if isinstance(array, np.ndarray) and array.size and span.holds(*bounds(array)):
            offset = array.__array_interface__["data"][0] - span.address
            view: np.ndarray = np.ndarray(array.shape, array.dtype, data, offset, array.strides)
            dtypes.refuse_invalid_elements(view)
    if not span.flat.flags.writeable:
        raise UngradableError("a call that wrote into a read-only argument")
    if span.mask is None:
        span.flat[:] = data
    elif data[~span.mask].any():
        raise UngradableError(BESIDE)
    else:
        span.flat[span.mask] = data[span.mask]
