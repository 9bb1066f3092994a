"""The kinds of values that cross: what a test's author did not think of is not taken for granted.

A type decides what operators and methods mean. The square of a complex number can be negative, and
the largest number of a `Series` skips NaN, so a wrong answer of such a type can pass a test that
any wrong number fails. When an assignment is planned, the kinds that the reference solution gives
each test are noted. If a test passes with a value of another kind, a person has a look.

Kinds are coarse. None, Booleans, numbers, text, lists, tuples, sets, dicts, dates and arrays of
real numbers are one kind, *plain data*, which is always accepted and has no name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.bridge import library_tags
from nbgrader_isolate.core.text import join_names

if TYPE_CHECKING:
    from nbgrader_isolate.bridge.kept_values import KeptValues

Kinds = dict[str, list[str]]
"""The kinds that a test may get, or has got, by where they come from; see `SeenKinds`."""
ANYWHERE = ""
"""The key of kinds that the text of a test asks for."""
RETURNED_FUNCTION = "a returned function"
"""The key of results of functions that the student's code has returned: their names are its own."""
CALLBACK = "the arguments of a function of the test"
COMPLEX, FUNCTION, NAMED, OBJECTS = (
    "complex numbers",
    "a function",
    "a named tuple",
    "an array of Python objects",
)
INTERVAL, ORDERED, MODULE = "an interval", "ordered categories", "a module"
OTHER = "an object of another type"
OPERATOR = "an answer of the student's own operator"
"""What an operator of an object decides about data, such as `3 in numbers`."""
REDUCED = "only the value of "
"""Before what has lost something on its way: a method, the function of a defaultdict, its class."""
PART = "only a part of "
"""The same for a figure, of which some artists do not cross."""
FAILED_ASSERTION = "a failed assertion"
SUPPRESSED = "a suppressed "
"""Before the class of an error that the `__exit__` of an object has suppressed."""
PLAIN = "plain numbers, text, lists or arrays"
_TAGS = """
    i b ... f slice range a g list dict set tuple bytearray deque Counter OrderedDict defaultdict
    date datetime time timedelta timezone ZoneInfo Decimal Fraction PosixPath PurePosixPath
    keys values items iterator generator plain pd.Timestamp pd.Timedelta pd.Period pd.NaT
"""
_PLAIN = frozenset(_TAGS.split())
"""Tags of messages (see `pack`) whose values are plain data if their parts are."""
_LABELS = {
    "c": COMPLEX,
    "callback": FUNCTION,
    "own": FUNCTION,
    "function": FUNCTION,
    "object": "an object of the student's class",
    "class": "a class of the student's",
    "instructor": "an object of a class of the test",
    "dtype": "a type",
    "type": "a type",
    "named": NAMED,
    "matrix": "a matrix",
    "recarray": "a record array",
    "MaskedArray": "a masked array",
    "pd.DataFrame": "a pandas DataFrame",
    "pd.Series": "a pandas Series",
    "pd.Index": "a pandas Index",
    "pd.array": "a pandas array",
    "pd.Interval": INTERVAL,
    "pd.NA": "pd.NA",
    **dict.fromkeys(library_tags.POLYNOMIALS, "a polynomial"),
    **dict.fromkeys(library_tags.GENERATORS, "a random number generator"),
    **dict.fromkeys(library_tags.FIGURES, "a figure of Matplotlib"),
}
_LEAVES = {"a", "g", "c", "i", "b", "dtype", "type", "callback", "own", "function", "bytearray"}
_LEAVES |= {"object", "class", "instructor", "generator"}
"""Tags whose parts are not values."""
_OF_CLASSES = {"sub", "data", "enum"}
"""Tags of instances of the instructor's classes, whose methods may be lenient."""
_REDUCED = {"plain": "an object of another type", "named": NAMED}
_MAY_BE_TEXT = {"enum", "plain", "own"}
_COMPLEX_DTYPE = re.compile(r"[<>]c\d")


def kinds_in(
    trees: Iterable[Any],
    table: Sequence[Any],
    find_class: Callable[[str], Any] = lambda _name: None,
) -> set[str]:
    """Return the kinds of all values in some trees of a message, other than plain data.

    Parameters
    ----------
    trees : iterable
        Of a message that `Unpacker` has read without a failure.
    table : sequence
        The entries of all objects that the trees refer to.
    find_class : callable, optional
        Returns the instructor's class of a name, or None.
    """
    found: set[str] = set()
    columns: set[str] = set()
    todo = [tree for tree in trees if type(tree) is list]
    known: set[int] = set()
    while todo:
        tag, *parts = todo.pop()
        if tag == "r":
            if parts[0] not in known:
                known.add(parts[0])
                todo.append(table[parts[0]])
            continue
        found.update(kinds_of_tag(tag, parts, find_class))
        if tag == "tuple" and parts:
            columns.update(kinds_of_column(table, *parts))
        if tag == "defaultdict":
            found.update([f"{REDUCED}a defaultdict"] if parts[:1] == [None] else [])
            del parts[:1]
        if tag in library_tags.FIGURES and parts[-1] != 0:
            found.add(f"{PART}a figure")
        if tag in _REDUCED:
            found.add(f"{REDUCED}{_REDUCED[tag]}")
        if tag not in _LEAVES:
            todo += [part for part in parts if type(part) is list]
    if any("pandas" in kind for kind in found):
        found |= columns
    return found


def kinds_of_column(table: Sequence[Any], name: object, *parts: object) -> Iterator[str]:
    """Yield the kind of a column of pandas, of which `pandas_values` gives the parts.

    A name that is not text in the message may become any text here. Comparisons go by the order of
    categories, and sorting does even if they are not ordered.
    """
    if type(name) is list and name[0] in _MAY_BE_TEXT:
        yield from (INTERVAL, ORDERED)
    elif name == "interval":
        yield INTERVAL
    elif name == "category" and not (parts[-1:] == (False,) and are_sorted_texts(table, parts[1])):
        yield ORDERED


def are_sorted_texts(table: Sequence[Any], index: object) -> bool:
    """Return whether categories are texts in their usual order, by the entry of their index."""
    described = entry_of(table, entry_of(table, index)[3:4])
    texts = entry_of(table, described[-1:])[1:]
    plain = described[:2] in (["tuple", "objects"], ["tuple", "text"])
    return plain and all(type(text) is str for text in texts) and texts == sorted(texts)


def entry_of(table: Sequence[Any], tree: Any) -> list[Any]:  # noqa: ANN401
    """Return the entry that a tree refers to, or that the only tree of a list does; or []."""
    if type(tree) is list and len(tree) == 1:
        (tree,) = tree
    found = table[tree[1]] if type(tree) is list and tree[:1] == ["r"] else []
    return found if type(found) is list else []


def kinds_of_tag(tag: str, parts: list[Any], find_class: Callable[[str], Any]) -> Iterator[str]:
    """Yield the kind of one part of a message, unless it is plain data."""
    if tag in {"a", "g"}:
        if _COMPLEX_DTYPE.search(str(parts[0])):
            yield COMPLEX
    elif tag == "objects":
        if any(type(item) is float or (type(item) is list and item[0] != "i") for item in parts):
            yield OBJECTS  # comparisons of NaN decide what is the largest of them
    elif tag in _OF_CLASSES:
        own = isinstance(find_class(parts[0]), type)
        yield f"an instance of {parts[0]}" if own else f"{REDUCED}an object of another class"
    elif tag.startswith("sp."):
        yield "a sparse array"
    elif tag not in _PLAIN:
        yield _LABELS.get(tag, OTHER)


@dataclass
class SeenKinds:
    """The kinds of values that the test process has got, by where they came from.

    A source is a call ("mean(…)"), a variable, an attribute of an object ("Stack.pop(…)"), or one
    of `RETURNED_FUNCTION` and `CALLBACK`. Everything in it is what the test says: an object is
    called by the variable that its class was read from, or by the attribute that it came from
    ("….next"). The student's own names, such as `__name__`, never decide what is accepted. What a
    cell binds may contain what it has got; so a cell that reads a name has got that, too.

    Attributes
    ----------
    current : dict of str to set of str
        Of the cell that runs, by source.
    carried : dict of str to dict
        The same, for each name that earlier cells have bound.
    kept : KeptValues or None
        Follows what the instructor's functions keep.
    """

    current: dict[str, set[str]] = field(default_factory=dict)
    carried: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    kept: KeptValues | None = None

    def begin(
        self, names: Collection[str], bound: Collection[str] = (), words: Collection[str] = ()
    ) -> None:
        """Begin a cell that reads some names, binds others, and has some words in its text."""
        self.current = {}
        held: list[dict[str, set[str]]] = []
        if self.kept is not None:
            self.kept.begin({*names, *bound}, words)
            if self.kept or any(kinds for each in self.carried.values() for kinds in each.values()):
                names, held = self.kept.readable(names)
        held += [self.carried[name] for name in self.carried.keys() & set(names)]
        for sources in held:
            for source, kinds in sources.items():
                self.note(source, kinds)

    def readable(self, names: Collection[str]) -> Collection[str]:
        """Return the names that a cell reads, itself or by functions."""
        return names if self.kept is None else self.kept.readable(names)[0]

    def note(self, source: str, kinds: Iterable[str]) -> None:
        """Note what a value contains."""
        came = set(kinds)
        if came and self.kept is not None:
            self.kept.start()
        self.current.setdefault(source, set()).update(came)

    def carry(self, bound: Collection[str], changed: Collection[str]) -> None:
        """End a cell that has bound some names, and may have changed the objects of others."""
        if self.kept is not None:
            changed = {*changed, *self.kept.end(self.current)}
        for name in {*bound, *changed}:
            carried = {} if name in bound else self.carried.get(name, {})
            sources = self.current.keys() | carried.keys()
            self.carried[name] = {
                source: self.current.get(source, set()) | carried.get(source, set())
                for source in sources
            }

    def as_data(self) -> Kinds:
        """Return the kinds of the cell as data, in an order that is always the same."""
        return {source: sorted(kinds) for source, kinds in sorted(self.values().items())}

    def values(self) -> dict[str, set[str]]:
        """Return the kinds of the cell by source, without notes that something was reduced."""
        return {
            source: {kind for kind in kinds if not kind.startswith((REDUCED, PART))}
            for source, kinds in self.current.items()
        }

    def reduced(self) -> str:
        """Return a sentence about the first value that has lost something on its way, or "".

        The test may have failed because of that.
        """
        for source, kinds in sorted(self.current.items()):
            for kind in sorted(kinds):
                if kind.startswith((REDUCED, PART)):
                    return f"{source}: got {kind}."
        return ""

    def unexpected(self, expected: Mapping[str, Sequence[str]]) -> str:
        """Return a sentence about the first value of a kind that is not expected, or "".

        Parameters
        ----------
        expected : dict of str to sequence of str
            The kinds that the reference solution gives the test. A source that it does not have
            may give plain data, and what an attribute of the same name gives there.
        """
        for source, came in sorted(self.values().items()):
            known = expected[source] if source in expected else of_attribute(source, expected)
            wanted = {*known, *expected.get(ANYWHERE, ())}
            if not came <= wanted:
                usual = "none" if any(map(is_decision, came - wanted)) else PLAIN
                return (
                    f"{source}: got {join_names(sorted(came - wanted))}, where the reference "
                    f"solution gives {join_names(sorted(wanted)) or usual}."
                )
        return ""


def is_decision(kind: str) -> bool:
    """Return whether a kind is not of a value, but of something that the student's code decided."""
    return kind in {OPERATOR, FAILED_ASSERTION} or kind.startswith(SUPPRESSED)


def of_attribute(source: str, expected: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the kinds that come from the same attribute of any object; none for a function."""
    _, dot, attribute = source.rpartition(".")
    return {
        kind
        for each, kinds in expected.items()
        if dot and each.rpartition(".")[1:] == (dot, attribute)
        for kind in kinds
    }
