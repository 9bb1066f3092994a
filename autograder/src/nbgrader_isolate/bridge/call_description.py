"""What a call of the student's code did, described for the test; on the student's side."""

from __future__ import annotations

from typing import Any

from nbgrader_isolate.bridge.callbacks import InlineMemory, described
from nbgrader_isolate.bridge.changes import differ
from nbgrader_isolate.bridge.failures import TEXT, locations
from nbgrader_isolate.bridge.memory import SharedMemory
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.unpack import Unpacker


def changes_of(
    request: dict[str, Any],
    unpacker: Unpacker,
    packer: Packer,
    tables: dict[int, Any],
    memory: SharedMemory | InlineMemory,
) -> dict[str, Any]:
    """Return how a call changed its arguments: bytes, containers, and layout of arrays."""
    wrote = [
        number
        for number, span in enumerate(unpacker.spans)
        if not memory.holds(request["m"][number][:2], span.crossing())
    ]
    beside = any(
        span.sparse is not None and span.sparse.has_more(span.flat) for span in unpacker.spans
    )
    for number in wrote:
        packer.changed_spans.append(unpacker.spans[number])
    changed: dict[str, Any] = {}
    for number, before in enumerate(request["o"]):
        if before[0] == "tuple":
            continue
        if number in tables and not differ(tables[number], packer.objects[number]):
            continue
        now = packer.describe(packer.objects[number])
        # Most objects are as they were, and then this text is the same, and made much faster.
        if repr(now) != repr(before) and _comparable(now) != _comparable(before):
            changed[str(number)] = now
    return {"wrote": wrote, "changed": changed, **({"beside": True} if beside else {})}


def _comparable(entry: Any) -> str:  # noqa: ANN401
    """Return text that differs if an object has changed; NaN equals NaN, and sets have no order."""
    if not isinstance(entry, list) or not entry:
        return repr(entry)
    if entry[0] == "a":
        return repr(entry[:5])
    parts = [_comparable(part) for part in entry]
    return repr(sorted(parts) if entry[0] in ("set", "f") else parts)


def describe_error(error: BaseException, packer: Packer) -> dict[str, Any]:
    """Return an error as data: its classes, text, plain arguments, and the student's lines."""
    description = described(error)
    plain = [value for value in error.args if type(value) in (str, int, float, bool, type(None))]
    if len(plain) == len(error.args) <= 3 and sum(len(str(value)) for value in plain) <= TEXT:  # noqa: PLR2004
        description["args"] = [packer.pack(value) for value in plain]
    return {**description, "where": locations(error)}
